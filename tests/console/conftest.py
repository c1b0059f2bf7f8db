"""A signed-in browser without JavaScript, and a company to look at."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console import company as invented

from quartermaster.console.actions import login_link


class Shop:
    """What a test needs of the company: sell something, let it flow, name the order."""

    def __init__(self) -> None:
        self.connection = invented.found()
        self.channel = invented.Northlight()

    def sell(self, *lines: tuple[str, int], person: int = 0, **different: Any) -> str:
        """Returns the order's number."""
        webhook = self.channel.buy(person, *lines, **different)
        invented.hear(self.connection, webhook, now())
        invented.flow()
        return invented.newest()


_INLINE = {"a", "b", "span", "time", "code", "kbd"}


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += "" if tag in _INLINE else " "
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, tag: str, attribute: str) -> list[str]:
        return [given[attribute] for name, given in self.elements if name == tag and attribute in given]


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


@pytest.fixture
def visitor(db: None) -> Client:
    """Nobody yet."""
    return Client()


@pytest.fixture
def owner(visitor: Client) -> Client:
    visitor.post(login_link())
    return visitor
