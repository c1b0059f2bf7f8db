"""Reads of what outside sites have and say."""
