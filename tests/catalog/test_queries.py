import pytest

from quartermaster.catalog.models import Alias, KitLeaf, Sku
from quartermaster.catalog.queries import alike, parts, resolve
from quartermaster.core import sql
from quartermaster.inbox.models import Connection


def sku(code: str) -> int:
    return Sku.objects.create(code=code).pk


def channel(slug: str, **aliases: int) -> int:
    connection = Connection.objects.create(slug=slug, kind="shop")
    for code, sku_id in aliases.items():
        Alias.objects.create(connection=connection, code=code, sku_id=sku_id)
    return connection.pk


@pytest.mark.django_db
def test_an_alias_of_the_connection_comes_before_a_sku_of_that_code():
    lamp, shade = sku("LAMP"), sku("SHADE")
    acme, other = channel("acme", LAMP=shade), channel("other")
    assert resolve([(acme, "LAMP"), (other, "LAMP"), (other, "SHADE")]) == {
        (acme, "LAMP"): shade,
        (other, "LAMP"): lamp,
        (other, "SHADE"): shade,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code", ["lamp", "LAMP ", "ＬＡＭＰ", "LΑMP", "LAM\u200bP", "", "L\x1fAMP", "L\x00", "\ud800"]
)
def test_likeness_is_no_match(code: str):
    sku("LAMP"), sku("L"), sku("AMP")
    acme = channel("acme")
    assert resolve([(acme, code), (acme, "L")]).keys() == {(acme, "L")}


@pytest.mark.django_db
def test_a_code_of_any_length_is_asked_without_harm():
    acme = channel("acme")
    assert resolve([(acme, "9" * 6000), (acme, "1e3"), (acme, str(2**63 + 1))]) == {}


@pytest.mark.django_db
def test_a_batch_costs_one_statement():
    lamp = sku("LAMP")
    pairs = [(channel("acme"), f"X-{n}") for n in range(1)] * 3 + [(channel("other"), "LAMP")]
    with sql.counted() as statements:
        assert list(resolve(pairs).values()) == [lamp]
        assert resolve([]) == {}
    assert len(statements) == 1


@pytest.mark.django_db
def test_likeness_suggests():
    sku("LAMP-1"), sku("lamp-2"), sku("STRASSE")
    assert alike(["Lamp-1", "ＬＡＭＰ-2", "lamp-3", "LΑMP-1"]) == {
        "Lamp-1": ["LAMP-1"],
        "ＬＡＭＰ-2": ["lamp-2"],
    }


@pytest.mark.django_db
def test_kits_come_apart_and_other_skus_do_not():
    lamp, shade, kit = sku("LAMP"), sku("SHADE"), sku("KIT")
    KitLeaf.objects.create(kit_id=kit, part_id=shade, quantity=2)
    KitLeaf.objects.create(kit_id=kit, part_id=lamp, quantity=1)
    assert parts([kit, lamp, 10**9]) == {kit: [(lamp, 1), (shade, 2)]}
