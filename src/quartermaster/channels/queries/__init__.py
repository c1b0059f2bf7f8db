"""Reads of shops and of what they were told."""
