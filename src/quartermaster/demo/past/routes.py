"""Where an order of the past was sent from: the cheapest site that had everything, else two of them."""

from collections.abc import Mapping

from quartermaster.demo.company import sites
from quartermaster.demo.company.goods import Assortment, Thing
from quartermaster.demo.company.sales import Sale


class Routes:
    def __init__(self, goods: Assortment) -> None:
        self.shelves = sites.Shelves(goods)
        self.things: Mapping[str, Thing] = goods.by_code()
        # a set is there when all its parts are
        self._there = {
            site: held | {kit.code for kit in goods.kits if held.issuperset(kit.parts)}
            for site, held in self.shelves.held.items()
        }

    def parcels(self, sale: Sale, left: Mapping[int, int]) -> list[tuple[str, dict[int, int]]]:
        """(Site, units per line) for every parcel; `left` are the units per line that are still wanted."""
        assert sale.address is not None, "nothing was sent nowhere"
        country = sale.address.country
        near = min(
            (code for code, lanes in sites.LANES.items() if country in lanes),
            key=lambda code: sites.LANES[code][country][0],
            default="BER",
        )
        here = {n: units for n, units in left.items() if sale.lines[n].code in self._there[near]}
        if not here or near == "BER":
            return [("BER", dict(left))]
        rest = {n: units for n, units in left.items() if n not in here}
        if rest and len(here) < len(left) - 1:
            return [("BER", dict(left))]  # not worth two parcels
        return [(near, here), *([("BER", rest)] if rest else [])]

    def taken(self, code: str, units: int) -> dict[str, int]:
        """What units of something sold take from the shelf: themselves, or the parts of a set."""
        thing = self.things[code]
        return {part: each * units for part, each in thing.parts.items()} or {code: units}
