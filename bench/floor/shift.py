"""What a person on the floor does all day: take a list, pick it bin by bin, pack what was picked, again."""

import html
import random
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from bench.floor.handheld import Form, Handheld, Page

_BIN = re.compile(r'<h1 class="floor-bin">([^<]*)</h1>')
_SKU = re.compile(r'<p class="floor-sku"><span class="soft">([^<]*)</span><b>([^<]*)</b>')
_UNITS = re.compile(r'<p class="floor-units">×(\d+)</p>')
_ORDER = re.compile(r"picks · (SO-\d+)")
_TO_PACK = re.compile(r'aria-label="To pack">(.*?)</section>', re.S)
_WAITING = re.compile(r'<li><span class="strong">([^<]*)</span>.*?<b>×(\d+)</b></li>', re.S)


class Person:
    """`desk`: lists that lie there for whoever comes first. `doubled`: the share of scans sent twice, as a
    device does that did not hear the answer."""

    def __init__(
        self,
        device: Handheld,
        site: str,
        desk: deque[int],
        *,
        orders: int,
        doubled: float,
        chance: random.Random,
    ) -> None:
        self.device, self.site, self.desk, self.orders = device, site, desk, orders
        self.doubled, self.chance = doubled, chance
        self.picked = self.packed = self.parcels = self.lists = self.twice = 0

    def work(self) -> None:
        """Until nobody wants anything at the site."""
        while not self.device.stop.is_set() and (wanted := list(self._pick())):
            for order in dict.fromkeys(wanted):
                self._pack(order)

    def _pick(self) -> Iterator[str]:
        """A list of its own, from its first bin to its last; yields the order of each unit."""
        page = self._list()
        if page is None:
            return
        self.lists += 1
        while (place := _BIN.search(page.text)) and (sku := _SKU.search(page.text)):
            order, units = _ORDER.search(page.text), _UNITS.search(page.text)
            assert order is not None, page.text
            assert units is not None, page.text
            page = self._scan(page, html.unescape(place[1]))
            for _ in range(int(units[1])):
                page = self._scan(page, html.unescape(sku[1] + sku[2]))
                self.picked += 1
                yield order[1]

    def _list(self) -> Page | None:
        """One that lies on the desk, else one made of what is left. None when nobody wants anything."""
        with suppress(IndexError):
            return self.device.get(f"/floor/pick/{self.desk.popleft()}")
        make = self.device.get(f"/floor?site={self.site}").form(ends="/floor/lists")
        if make is None:
            return None
        page = self.device.send(make, orders=str(self.orders))
        return page if page.path.startswith("/floor/pick/") else None  # somebody else was faster

    def _pack(self, order: str) -> None:
        """Everything of the order that was picked here, into one parcel."""
        fields = {"order": order, "site": self.site, "csrfmiddlewaretoken": self.device.token}
        page = self.device.send(Form("/floor/pack", fields))
        while left := _waiting(page):
            page = self._scan(page, left[0])
            self.packed += page.status == 200
        close = page.form(ends="/close")
        assert close is not None, page.text
        page = self.device.send(close, weight_g="", carton="")
        self.parcels += 'name="scan"' not in page.text

    def _scan(self, page: Page, code: str) -> Page:
        """What the scanner types into the field that waits for it; now and then the device sends it again."""
        form = page.form(having="scan")
        assert form is not None, page.text
        shown = self.device.scan(form, scan=code)
        if self.chance.random() < self.doubled:
            self.twice += 1
            self.device.scan(form, scan=code)
            shown = self.device.get(re.sub(r"/(scan|\d+)$", "", form.action))
        return shown


def _waiting(page: Page) -> list[str]:
    """SKU of every unit that is still to be scanned, as the page lists them."""
    section = _TO_PACK.search(page.text)
    found = _WAITING.findall(section[1]) if section else []
    return [html.unescape(sku) for sku, units in found for _ in range(int(units))]
