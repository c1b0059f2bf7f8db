"""Shippo: one account, the labels of several carriers."""
