"""The tables a fresh installation starts with: two invented carriers, so that it can ship at once."""

from datetime import date

from quartermaster.shipping.rules.tables import (
    EVERYWHERE,
    HOME,
    Band,
    Dimensional,
    Price,
    Product,
    Surcharge,
    Table,
    Tables,
    Zone,
)

_SINCE = date(2020, 1, 1)
_EUROPE = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT"),
    *("LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
_ZONES = (
    Zone("Home", (HOME,)),
    Zone("Europe", _EUROPE, origins=_EUROPE),
    Zone("World", (EVERYWHERE,)),
)
_FUEL = Surcharge("fuel", _SINCE, percent_bp=850)
_SIX_DAYS = (1, 2, 3, 4, 5, 6)


def _bands(*pairs: tuple[int, int]) -> tuple[Band, ...]:
    return tuple(Band(*pair) for pair in pairs)


_POST = Table(
    "post",
    "Post",
    _ZONES,
    (
        Product(
            "packet",
            "Packet",
            weight_max_g=2_000,
            length_max_mm=600,
            girth_max_mm=900,
            delivered_on=_SIX_DAYS,
            prices=(
                Price("Home", 2, _bands((500, 290), (1_000, 350), (2_000, 420))),
                Price("Europe", 5, _bands((500, 690), (1_000, 890), (2_000, 1_190))),
                Price("World", 12, _bands((500, 990), (1_000, 1_590), (2_000, 2_390))),
            ),
        ),
        Product(
            "parcel",
            "Parcel",
            weight_max_g=31_500,
            length_max_mm=1_200,
            girth_max_mm=3_000,
            delivered_on=_SIX_DAYS,
            weight_step_g=500,
            surcharges=(Surcharge("oversize", _SINCE, amount_minor=900, longer_than_mm=1_000),),
            prices=(
                Price(
                    "Home",
                    2,
                    _bands((2_000, 490), (5_000, 590), (10_000, 790), (20_000, 1_290), (31_500, 1_690)),
                ),
                Price("Europe", 4, _bands((2_000, 1_290), (5_000, 1_590), (10_000, 2_190), (31_500, 3_990))),
                Price("World", 10, _bands((2_000, 2_490), (5_000, 3_990), (10_000, 6_490), (20_000, 9_990))),
            ),
        ),
    ),
)
_RATES = (
    ((2_000, 750), (5_000, 950), (10_000, 1_350), (30_000, 2_450), (70_000, 4_900)),
    ((2_000, 1_650), (5_000, 2_250), (10_000, 3_150), (30_000, 5_900), (70_000, 11_900)),
    ((2_000, 3_900), (5_000, 5_900), (10_000, 8_900), (30_000, 17_900), (70_000, 34_900)),
)
_EXPRESS = Table(
    "express",
    "Express",
    _ZONES,
    tuple(
        Product(
            code,
            title,
            weight_max_g=70_000,
            length_max_mm=2_700,
            girth_max_mm=4_190,
            takes_hazmat=code == "economy",
            weight_step_g=500,
            cutoff=cutoff,
            dimensional=(Dimensional(6_000, _SINCE), Dimensional(5_000, date(2025, 1, 1))),
            surcharges=(
                _FUEL,
                Surcharge("residential", _SINCE, amount_minor=150),
                Surcharge("oversize", _SINCE, amount_minor=2_000, longer_than_mm=1_200),
            ),
            prices=tuple(
                Price(zone, days, _bands(*((up_to_g, cost * factor // 100) for up_to_g, cost in of_zone)))
                for zone, days, of_zone in zip(("Home", "Europe", "World"), on_the_road, _RATES, strict=True)
            ),
        )
        for code, title, cutoff, factor, on_the_road in (
            ("economy", "Economy", "16:00", 100, (2, 3, 6)),
            ("next-day", "Next Day", "18:00", 170, (1, 2, 3)),
        )
    ),
)

FIRST = Tables(version=1, currency="EUR", carriers=(_POST, _EXPRESS))
