"""Pages for people: server-rendered, for the keyboard and the phone, readable with JavaScript switched off.

Mirrors the stages: console/orders shows what the stage orders owns, and changes it only through its actions.
Owns the one-time sign-in link and nothing of the business. Listens to nothing, emits nothing.
Every address asks for a signed-in person (urls.py); every page carries the same strict policy.
"""
