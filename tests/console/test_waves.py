"""What people see of a wave: a planned one waits, and on a cart each unit has its tote."""

from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Shop
from tests.console.test_floor import site_of
from tests.console.test_orders import text

from quartermaster.warehouse.actions import plan_wave, release_wave, scan_tote
from quartermaster.warehouse.queries.waves import wave
from quartermaster.warehouse.rules.grouping import Mode
from quartermaster.warehouse.rules.wanted import WaveWanted


def test_a_planned_wave_waits_and_a_cart_s_pick_names_its_tote(shop: Shop, owner: Client):
    site = site_of(shop.sell(("LAMP-BK", 2)))
    wanted = WaveWanted(location=site, mode=Mode.CLUSTER)
    made = plan_wave(wanted, release=False, at=now(), by="user:1")
    assert made is not None
    assert f"waits: W-{made} is not released" in text(owner, f"/floor?site={site}")

    release_wave(made, at=now(), by="user:1")
    (list_id,) = wave(made).lists
    scan_tote(int(list_id), 1, "T-0042", at=now(), by="user:1")

    assert "Into tote 1 T-0042" in text(owner, f"/floor/pick/{list_id}")
    assert f"waits: W-{made}" not in text(owner, f"/floor?site={site}")
