"""One router for reading and changing: a path belongs to one router only."""

from ninja import Router

router = Router(tags=["Orders"])
