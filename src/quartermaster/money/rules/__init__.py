"""Decisions about money: pure, exact to the minor unit."""
