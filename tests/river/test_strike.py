"""A carrier goes on strike in the middle of a day, and comes back."""

from datetime import timedelta

from django.utils.timezone import now
from tests.shipping.conftest import work

from quartermaster.core import doctor, sql
from quartermaster.shipping.actions import (
    close_manifest,
    move_labels,
    preview,
    scan_out,
    watch_playbooks,
    write_playbook,
)
from quartermaster.shipping.queries.playbooks import armed
from quartermaster.shipping.rules.playbooks import Playbook
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.tracking.queries.unscanned import unscanned

CARRIERS = "select carrier, state from warehouse_parcel order by id"
STRIKE = Playbook("post", "Nobody fetches.", moves_labels=True, fires_on=1, ends_after_h=48)
PAID = """
select carrier, count(*), sum(cost_minor)::int from shipping_issued where voided_at is null group by 1
"""


def watched(after: timedelta = timedelta()) -> tuple[list[str], list[str]]:
    """As a worker does every minute."""
    at = now() + after
    silent = unscanned({one.carrier: one.since for one in armed(at=at)}, at=at)
    return watch_playbooks(unscanned=silent, at=at)


def parcels(many: int) -> list[int]:
    made = [a_packed_parcel(an_order(("LAMP", 1)), weight_g=800) for _ in range(many)]
    work()
    return made


def test_a_playbook_fires_labels_move_to_others_the_cost_is_told_and_afterwards_all_is_as_before(db: None):
    a_location("BER")
    a_sku("LAMP", BER=50)
    gone, *rest = parcels(4)
    scan_out(f"P-{gone}", at=now(), by="user:1")
    (manifest,) = sql.run("select 'M-' || id from shipping_manifest")[0]
    close_manifest(manifest, at=now(), by="user:1")
    work()
    before = preview("post", at=now())
    assert before.parcels == len(rest)

    write_playbook(STRIKE, at=now(), by="user:1")
    assert watched() == ([], [])
    sql.run("update tracking_track set handed_over_at = handed_over_at - interval '2 days'")  # and no scan
    assert watched() == (["post"], [])
    sql.run("update shipping_pause set began_at = began_at - interval '1 second'")
    assert sql.run("select because, began_by from shipping_pause") == [
        ("Nobody fetches: 1 parcel it has not scanned.", "playbook")
    ]
    while move_labels(at=now()):
        work()
    (fresh,) = parcels(1)

    assert sql.run(CARRIERS) == [("post", "handed_over")] + [("express", "labelled")] * 4
    costs = {carrier: (count, cost) for carrier, count, cost in sql.run(PAID)}
    assert (costs["post"][0], costs["express"][0]) == (1, 4)

    assert watched(after=timedelta(hours=47)) == ([], [])
    sql.run("update shipping_pause set ends_at = %s", (now(),))
    assert watched() == ([], ["post"])
    assert watched() == ([], [])  # what it had let lie was dealt with
    ((labels, dearer, late),) = sql.run(
        "select (body ->> 'labels')::int, (body ->> 'dearer_minor')::int, (body ->> 'late')::int "
        "from core_event where name = 'CarrierResumed'"
    )
    assert (labels, late) == (4, 0)
    assert dearer == costs["express"][1] - 4 * costs["post"][1]
    assert dearer * 3 == 4 * (before.after_minor - before.before_minor)

    (back,) = parcels(1)
    assert dict(sql.run("select id, carrier from warehouse_parcel where id = any(%s)", ([fresh, back],))) == {
        fresh: "express",
        back: "post",
    }
    assert [finding for finding in doctor.examine() if finding.rows] == []
