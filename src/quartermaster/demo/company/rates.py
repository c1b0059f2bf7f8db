"""What the three invented carriers charge, as the rate tables hold it."""

from quartermaster.demo.company.carriers import ATLAS, NORD, SIERRA, TITLES
from quartermaster.shipping.rules import Tables
from quartermaster.shipping.rules.tables import EVERYWHERE, Band, Price, Product, Table, Zone

_NEAR, _SOUTH, _WEST = ("NL", "BE", "FR", "IT"), ("ES", "PT"), ("DE", "AT", "PL", "DK")


def tables() -> Tables:
    """Days on the road are those of the lanes, so that what is promised can be kept."""
    return Tables(
        version=1,
        currency="EUR",
        carriers=(
            _carrier(
                NORD,
                (
                    Zone("Home", ("DE",), origins=("DE",)),
                    Zone("Neighbours", ("AT", "PL", "DK"), origins=("DE",)),
                ),
                {"Home": (1, 395), "Neighbours": (2, 690)},
                weight_max_g=31_500,
            ),
            _carrier(
                ATLAS,
                (
                    Zone("Iberia", ("PT",), origins=("PT",)),
                    Zone("Spain", ("ES",), origins=("PT",)),
                    Zone("Home", ("DE",), origins=("DE",)),
                    Zone("Near", _NEAR, origins=("DE",)),
                    Zone("Europe", (*_NEAR, *_SOUTH, *_WEST), origins=("DE", "PT")),
                    Zone("World", (EVERYWHERE,)),
                ),
                {
                    "Iberia": (1, 380),
                    "Spain": (2, 520),
                    "Home": (1, 560),
                    "Near": (2, 790),
                    "Europe": (4, 980),
                    "World": (7, 2690),
                },
                weight_max_g=40_000,
            ),
            _carrier(
                SIERRA,
                (Zone("Ground", ("US",), origins=("US",)),),
                {"Ground": (3, 760)},
                weight_max_g=32_000,
            ),
        ),
    )


def _carrier(
    code: str, zones: tuple[Zone, ...], price: dict[str, tuple[int, int]], *, weight_max_g: int
) -> Table:
    return Table(
        code,
        TITLES[code],
        zones,
        (
            Product(
                "standard",
                "Standard",
                weight_max_g=weight_max_g,
                cutoff="16:00",
                prices=tuple(
                    Price(zone, days, _bands(minor, weight_max_g)) for zone, (days, minor) in price.items()
                ),
            ),
        ),
    )


def _bands(minor: int, weight_max_g: int) -> tuple[Band, ...]:
    return (Band(2_000, minor), Band(5_000, minor * 13 // 10), Band(weight_max_g, minor * 21 // 10))
