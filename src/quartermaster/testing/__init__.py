"""Builders, fakes and conformance suites: shipped, for the authors of connectors too."""
