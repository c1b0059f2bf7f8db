"""What the choice of cartons is made from, and what it says."""

from msgspec import Struct

from quartermaster.shipping.rules.tables import Band, Dimensional
from quartermaster.warehouse.rules.packaging import PLAIN, Packaging, Sides


class Goods(Struct, frozen=True):
    """Units of one SKU. None: nobody measured it.

    kind: plain | liquid | food | hazmat. `is_upright`: its height stays upright; `is_fragile`: nothing may
    lie on it; `is_alone`: each unit in a carton of its own; `is_soft`: fills the room that is left. Units
    that go into each other add `nest_mm` of height each.
    """

    sku: str
    units: int
    weight_g: int | None = None
    size_mm: Sides | None = None
    kind: str = PLAIN
    is_upright: bool = False
    is_fragile: bool = False
    is_alone: bool = False
    is_soft: bool = False
    nest_mm: int | None = None


class Terms(Struct, frozen=True):
    """How one service charges to where the parcel goes. 0: no limit. Without bands, by the kilogram."""

    name: str
    bands: tuple[Band, ...] = ()
    minor_per_kg: int = 0
    dimensional: Dimensional | None = None
    step_g: int = 1
    weight_max_g: int = 0
    length_max_mm: int = 0
    girth_max_mm: int = 0


class Wanted(Struct, frozen=True):
    """Everything a plan is made from; `packaging` has only the cartons that may be used."""

    version: int
    goods: tuple[Goods, ...]
    packaging: Packaging
    terms: tuple[Terms, ...]


class Lying(Struct, frozen=True):
    """`units` of a SKU (more than one: put into each other) with a corner and their size, in mm inside."""

    sku: str
    units: int
    at_mm: Sides
    size_mm: Sides


class Box(Struct, frozen=True):
    """One carton with what goes in. `carton` is empty when it goes in its own packaging. `loose`: units that
    fill the room that is left. Weight with the carton; `billable_g` and `freight_minor` of the cheapest
    service, `service`, both 0 when none takes it."""

    carton: str
    title: str
    outer_mm: Sides | None
    contents: tuple[tuple[str, int], ...]
    lying: tuple[Lying, ...]
    loose: tuple[tuple[str, int], ...]
    weight_g: int
    billable_g: int
    carton_minor: int
    freight_minor: int
    service: str
    fill_bp: int


class Plan(Struct, frozen=True):
    """The cartons, what they cost together, and why. `is_guess`: something in it was never measured."""

    version: int
    boxes: tuple[Box, ...]
    because: tuple[str, ...]
    cost_minor: int
    currency: str
    is_guess: bool = False
