"""Reads about shipping."""
