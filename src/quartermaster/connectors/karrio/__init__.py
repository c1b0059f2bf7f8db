"""Karrio: a server of one's own that speaks with carriers directly, under one's own contracts with them."""
