"""Found the company: sites with their lanes, the assortment, the shops. Done twice it is done once."""

from datetime import datetime

from quartermaster.allocation.actions import set_lanes
from quartermaster.catalog.actions import Kit, save_skus, set_kits
from quartermaster.catalog.rules.skus import Draft
from quartermaster.demo.company import sites
from quartermaster.demo.company.goods import PREORDER, Assortment, Thing, available_on
from quartermaster.demo.company.rates import tables
from quartermaster.demo.company.shops import SHOPS
from quartermaster.inbox.actions import connect
from quartermaster.shipping.actions import write_customs, write_tables
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.customs import Profile
from quartermaster.stock.actions.locate import locate

BY = "demo"
# Numbers that look right and are nobody's.
CUSTOMS = Profile(
    exporter="Harbor & Pine GmbH\nGewerbehof 1\n13507 Berlin\nGermany",
    eori={"EU": "DE000000000000000", "US": "00-0000000"},
    ioss="IM0000000000",
)


def found(goods: Assortment, *, at: datetime) -> None:
    locate(sites.SITES, at=at, by=BY)
    for site in sites.SITES:
        set_lanes(site.code, sites.lanes(site.code), at=at, by=BY)
    drafts = [_draft(thing, at) for thing in goods.sold]
    for outcome in save_skus(drafts, at=at, by=BY):
        if outcome.refused:
            raise outcome.refused
    for outcome in set_kits([Kit(kit.code, kit.parts) for kit in goods.kits], at=at, by=BY):
        if outcome.refused:
            raise outcome.refused
    if tables_in_force().made_at is None:
        write_tables(tables(), because="The carriers we have contracts with.", at=at, by=BY)
    write_customs(CUSTOMS, at=at, by=BY)
    for shop in SHOPS.values():
        connect(shop.kind, shop.slug, shop.settings, at=at, by=BY)


def _draft(thing: Thing, at: datetime) -> Draft:
    if thing.is_kit:
        return Draft(code=thing.code, title=thing.title)
    length, width, height = thing.size_mm
    return Draft(
        code=thing.code,
        title=thing.title,
        product=thing.product,
        options=thing.options,
        weight_g=thing.weight_g,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        cost_minor=thing.cost_minor,
        currency="EUR",
        hs_code=thing.hs_code,
        origin_country=thing.origin,
        policy="preorder" if thing.code.startswith(PREORDER) else thing.policy,
        available_on=available_on(thing.code, at.date()),
        barcodes={thing.barcode: 1},
    )
