"""Exceptions: everything the system could not finish, grouped by cause, and one act for all of a group."""
