"""Easyship: one account, the labels of several couriers."""
