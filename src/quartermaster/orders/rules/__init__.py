"""Decisions about orders: checks, holds, status, what a line should
come to, and the point of no return. Pure."""
