"""Which scope each route asks for. A route that is not in this table, or asks for another, is a failure."""

import re

import pytest
from django.db import transaction

from quartermaster.api.app import api
from quartermaster.api.openapi import operations, scope
from quartermaster.core import sql
from quartermaster.core.tokens import AREAS
from quartermaster.testing.builders import an_order
from quartermaster.testing.program import Program, problem

MATRIX = {
    "GET /quality": "catalog:read",
    "GET /quality/differences": "catalog:read",
    "POST /quality/differences/take": "catalog:write",
    "GET /quality/findings": "catalog:read",
    "GET /quality/naming": "catalog:read",
    "GET /quality/next": "catalog:read",
    "GET /quality/skus/{code}": "catalog:read",
    "GET /quality/told": "catalog:read",
    "GET /sku-edits": "catalog:read",
    "GET /sku-edits/{number}": "catalog:read",
    "POST /quality/fixes": "catalog:write",
    "POST /quality/ignored": "catalog:write",
    "POST /quality/looks": "catalog:write",
    "POST /sku-edits": "catalog:write",
    "POST /sku-edits/preview": "catalog:read",
    "POST /sku-edits/{number}/undo": "catalog:write",
    "PUT /quality/naming": "catalog:write",
    "DELETE /aliases": "catalog:write",
    "DELETE /barcodes/{code}": "catalog:write",
    "DELETE /carriers/{carrier}/pause": "ship:write",
    "DELETE /orders/{number}/holds/{kind}": "orders:write",
    "DELETE /parcels/{number}/label": "ship:write",
    "DELETE /parcels/{number}/return-label": "ship:write",
    "DELETE /pickups/{number}": "ship:write",
    "GET /address-policy": "ship:read",
    "GET /aliases": "catalog:read",
    "GET /arrivals": "floor:read",
    "GET /arrivals/{arrival_id}": "floor:read",
    "GET /carrier-invoices": "ship:read",
    "GET /carrier-lists": "ship:read",
    "GET /carriers": "ship:read",
    "GET /carriers/scorecard": "ship:read",
    "GET /carriers/{carrier}/pause": "ship:read",
    "GET /carriers/{carrier}/playbook": "ship:read",
    "GET /channels": "messages:read",
    "GET /channels/{slug}/listings": "stock:read",
    "GET /channels/{slug}/listings/explain": "stock:read",
    "GET /channels/health": "messages:read",
    "GET /prices": "catalog:read",
    "GET /prices/lists": "catalog:read",
    "GET /prices/lists/{name}": "catalog:read",
    "GET /prices/batches": "catalog:read",
    "GET /prices/sales": "catalog:read",
    "GET /prices/skus/{sku}": "catalog:read",
    "GET /channels/{slug}/pricing": "catalog:read",
    "GET /channels/{slug}/prices/explain": "catalog:read",
    "PATCH /channels/{slug}/pricing": "admin",
    "PATCH /channels/{slug}/prices": "catalog:write",
    "PUT /prices/lists/{name}": "catalog:write",
    "PATCH /prices/lists/{name}": "admin",
    "DELETE /prices/sales/{sale_id}": "catalog:write",
    "POST /prices/lists": "catalog:write",
    "POST /prices/lists/{name}/sales": "catalog:write",
    "POST /prices/batches/{batch_id}/let": "admin",
    "POST /prices/batches/{batch_id}/withdraw": "catalog:write",
    "POST /channels/{slug}/prices/let-through": "admin",
    "POST /channels/{slug}/prices/push": "catalog:write",
    "POST /drifts/{drift_id}/take-theirs": "messages:write",
    "GET /channels/{slug}/comparisons": "messages:read",
    "GET /checks": "orders:read",
    "GET /claims": "ship:read",
    "GET /connection-kinds": "messages:read",
    "GET /connections": "messages:read",
    "GET /connections/{slug}": "messages:read",
    "GET /counts": "floor:read",
    "GET /counts/accuracy": "stock:read",
    "GET /counts/policy": "stock:read",
    "GET /counts/waiting": "stock:read",
    "GET /crew": "crew:read",
    "GET /customs": "ship:read",
    "GET /customs/skus/{code}": "ship:read",
    "GET /customs/versions": "ship:read",
    "GET /dock": "floor:read",
    "GET /drifts": "messages:read",
    "GET /events": "events:read",
    "GET /exceptions": "orders:read",
    "GET /exceptions/{cause}/rows": "orders:read",
    "POST /exceptions/answers": "orders:write",
    "POST /exceptions/assignments": "orders:write",
    "DELETE /exceptions/turns/{turn}": "orders:write",
    "GET /floor": "floor:read",
    "GET /kpi": "kpi:read",
    "GET /kpi/{key}/rows": "kpi:read",
    "GET /kpi/{key}/weeks": "kpi:read",
    "GET /labels": "ship:read",
    "GET /labels.pdf": "ship:read",
    "GET /labels.zpl": "ship:read",
    "GET /late": "ship:read",
    "GET /locations": "stock:read",
    "GET /locations/{code}": "stock:read",
    "GET /locations/{code}/bins": "stock:read",
    "GET /locations/{code}/calendar": "stock:read",
    "GET /locations/{code}/days": "stock:read",
    "GET /locations/{code}/floor-plan": "stock:read",
    "GET /locations/{code}/lanes": "allocation:read",
    "GET /locations/{code}/pick-policy": "floor:read",
    "GET /manifests": "ship:read",
    "GET /manifests/{number}/sheet.pdf": "ship:read",
    "GET /marketplaces": "kpi:read",
    "GET /marketplaces/terms": "kpi:read",
    "GET /marketplaces/{slug}/{measure}/orders": "kpi:read",
    "GET /marketplaces/{slug}/{measure}/forecast": "kpi:read",
    "GET /marketplaces/{slug}/{measure}/official": "kpi:read",
    "GET /marketplaces/{slug}/defects": "kpi:read",
    "GET /marketplaces/{slug}/reports": "kpi:read",
    "GET /messages": "messages:read",
    "GET /messages/{message_id}": "messages:read",
    "GET /replays": "messages:read",
    "GET /replays/{replay_id}": "messages:read",
    "GET /replays/{replay_id}/messages": "messages:read",
    "GET /orders": "orders:read",
    "GET /orders/{number}": "orders:read",
    "GET /orders/{number}/address-check": "ship:read",
    "GET /orders/{number}/changes": "orders:read",
    "GET /orders/{number}/contents": "ship:read",
    "GET /orders/{number}/landed-cost": "ship:read",
    "GET /orders/{number}/readdressed": "ship:read",
    "GET /orders/{number}/refunds": "orders:read",
    "GET /orders/{number}/told": "orders:read",
    "GET /orders/{number}/why": "orders:read",
    "GET /outbox": "events:read",
    "GET /outside/{site}/notices": "outside:read",
    "GET /outside/{site}/orders": "outside:read",
    "GET /outside/{site}/orders/{reference}": "outside:read",
    "GET /packaging": "floor:read",
    "GET /packaging/cartons": "floor:read",
    "GET /packaging/report": "floor:read",
    "GET /packaging/{version}": "floor:read",
    "GET /parcels/{number}/customs": "ship:read",
    "GET /parcels/{number}/customs.pdf": "ship:read",
    "GET /parcels/{number}/label.pdf": "ship:read",
    "GET /parcels/{number}/label.zpl": "ship:read",
    "GET /parcels/{number}/labels": "ship:read",
    "GET /parcels/{number}/landed-cost": "ship:read",
    "GET /parcels/{number}/postal-form.pdf": "ship:read",
    "GET /parcels/{number}/rates": "ship:read",
    "GET /parcels/{number}/return-label": "ship:read",
    "GET /parcels/{number}/return-label.pdf": "ship:read",
    "GET /parcels/{number}/slip.pdf": "ship:read",
    "GET /parcel-photos/{photo_id}": "floor:read",
    "GET /parcels/{parcel_id}": "floor:read",
    "GET /parcels/{parcel_id}/plan": "floor:read",
    "GET /parcels/{parcel}/scans": "ship:read",
    "GET /pick-faces": "floor:read",
    "GET /pick-lists": "floor:read",
    "GET /pick-lists/{list_id}": "floor:read",
    "GET /pick-lists/{number}/list.pdf": "ship:read",
    "GET /pick-lists/{number}/list.zpl": "ship:read",
    "GET /pickups": "ship:read",
    "GET /put-away-rules": "floor:read",
    "GET /put-aways/suggestion": "floor:read",
    "GET /put-backs": "floor:read",
    "GET /quarantine": "floor:read",
    "GET /rate-tables": "ship:read",
    "GET /rate-tables/{version}": "ship:read",
    "GET /recalls": "stock:read",
    "GET /recalls/{number}": "stock:read",
    "GET /receipt-photos/{photo_id}": "floor:read",
    "GET /refills": "floor:read",
    "GET /refund-policy": "orders:read",
    "GET /refunds": "orders:read",
    "GET /restrictions": "catalog:read",
    "GET /rules": "allocation:read",
    "GET /rules/{version}": "allocation:read",
    "GET /shipping-rules": "ship:read",
    "GET /skus": "catalog:read",
    "GET /skus/{code}": "catalog:read",
    "GET /silence": "ship:read",
    "GET /shelf-life": "stock:read",
    "GET /stock": "stock:read",
    "GET /stock/movements": "stock:read",
    "GET /stock/places": "stock:read",
    "GET /stuck": "events:read",
    "GET /tariff": "ship:read",
    "GET /timer-targets": "floor:read",
    "GET /timers": "floor:read",
    "GET /totes/{code}": "floor:read",
    "GET /transfers/{transfer_id}": "stock:read",
    "GET /wave-plans/{plan_id}": "floor:read",
    "GET /waves": "floor:read",
    "GET /waves/{wave_id}": "floor:read",
    "PATCH /channels/{slug}": "admin",
    "PATCH /channels/{slug}/listings": "stock:write",
    "POST /orders/{number}/address-suggestion": "orders:write",
    "POST /refunds/{number}/payout": "admin",
    "PATCH /locations/{code}": "stock:write",
    "PATCH /orders/{number}": "orders:write",
    "PATCH /skus/{code}": "catalog:write",
    "POST /aliases": "catalog:write",
    "POST /arrivals": "floor:write",
    "POST /arrivals/{arrival_id}/amend": "floor:write",
    "POST /arrivals/{arrival_id}/cancel": "floor:write",
    "POST /arrivals/{arrival_id}/close": "floor:write",
    "POST /arrivals/{arrival_id}/receipts": "floor:write",
    "POST /channels/{slug}/listings/map": "stock:write",
    "POST /channels/{slug}/listings/pull": "stock:write",
    "POST /channels/{slug}/listings/push": "stock:write",
    "POST /quality/differences/push": "stock:write",
    "POST /quality/told/{push}/undo": "stock:write",
    "POST /carriers/{carrier}/pause": "ship:write",
    "POST /carriers/{carrier}/playbook/fire": "ship:write",
    "PUT /carriers/{carrier}/playbook": "ship:write",
    "POST /channels/{slug}/comparisons": "admin",
    "POST /claims": "ship:write",
    "POST /claims/{number}/turn": "ship:write",
    "POST /connections/{slug}/pause": "admin",
    "POST /connections/{slug}/resume": "admin",
    "POST /counts": "floor:write",
    "POST /counts/schedule": "stock:write",
    "POST /counts/{task_id}/again": "stock:write",
    "POST /counts/{task_id}/approve": "stock:write",
    "POST /counts/{task_id}/done": "floor:write",
    "POST /counts/{task_id}/start": "floor:write",
    "POST /drifts/{drift_id}/heal": "messages:write",
    "POST /drifts/{drift_id}/let-be": "messages:write",
    "POST /labels": "ship:write",
    "POST /late/answers": "ship:write",
    "POST /late/assignments": "ship:write",
    "POST /locations": "stock:write",
    "POST /locations/{code}/bins": "stock:write",
    "POST /locations/{code}/bins/pattern": "stock:write",
    "POST /locations/{code}/calendar": "stock:write",
    "POST /locations/{code}/hand-over": "ship:write",
    "POST /manifests/scan": "ship:write",
    "POST /manifests/{number}/close": "ship:write",
    "POST /manifests/{number}/tell": "ship:write",
    "POST /marketplaces/terms": "admin",
    "POST /marketplaces/{slug}/official": "orders:write",
    "POST /marketplaces/counted/{counted_id}/contest": "orders:write",
    "POST /marketplaces/{slug}/defects": "orders:write",
    "POST /messages/rehearse": "messages:write",
    "POST /messages/replay": "messages:write",
    "POST /messages/replay-some": "messages:write",
    "POST /messages/{message_id}/replay": "messages:write",
    "POST /replays": "messages:write",
    "POST /replays/{replay_id}/steer": "messages:write",
    "POST /orders/{number}/address-check": "ship:write",
    "POST /orders/{number}/cancel": "orders:write",
    "POST /orders/{number}/edits": "orders:write",
    "POST /orders/{number}/holds": "orders:write",
    "POST /orders/{number}/reroute": "orders:write",
    "POST /outside/{site}/notices/{reference}/acknowledge": "outside:write",
    "POST /outside/{site}/notices/{reference}/refuse": "outside:write",
    "POST /outside/{site}/orders/{reference}/acknowledge": "outside:write",
    "POST /outside/{site}/orders/{reference}/cancelled": "outside:write",
    "POST /outside/{site}/orders/{reference}/goes-on": "outside:write",
    "POST /outside/{site}/orders/{reference}/refuse": "outside:write",
    "POST /outside/{site}/orders/{reference}/shipments": "outside:write",
    "POST /outside/{site}/receipts": "outside:write",
    "POST /outside/{site}/stock": "outside:write",
    "POST /parcels": "floor:write",
    "POST /parcels/{number}/label": "ship:write",
    "POST /parcels/{number}/return-label": "ship:write",
    "POST /parcels/{parcel_id}/close": "floor:write",
    "POST /parcels/{parcel_id}/items": "floor:write",
    "POST /parcels/{parcel_id}/items/{item_id}/take-out": "floor:write",
    "POST /parcels/{parcel_id}/open": "floor:write",
    "POST /parcels/{parcel_id}/photos": "floor:write",
    "POST /parcels/{parcel_id}/plan": "floor:write",
    "POST /pick-lists": "floor:write",
    "POST /pick-lists/{list_id}/cancel": "floor:write",
    "POST /pick-lists/{list_id}/confirm": "floor:write",
    "POST /pick-lists/{list_id}/picks/{pick_id}/confirm": "floor:write",
    "POST /pick-lists/{list_id}/picks/{pick_id}/short": "floor:write",
    "POST /pick-lists/{list_id}/start": "floor:write",
    "POST /pick-lists/{list_id}/totes": "floor:write",
    "POST /pickups": "ship:write",
    "POST /put-aways": "floor:write",
    "POST /put-backs/{task_id}/done": "floor:write",
    "POST /quarantine": "floor:write",
    "POST /recalls": "stock:write",
    "POST /recalls/{number}/lift": "stock:write",
    "POST /recalls/{number}/notices/{notice_id}": "stock:write",
    "POST /receipts/{receipt_id}/inspect": "floor:write",
    "POST /receipts/{receipt_id}/photos": "floor:write",
    "POST /refills": "floor:write",
    "POST /refills/{task_id}/cancel": "floor:write",
    "POST /refills/{task_id}/done": "floor:write",
    "POST /restrictions": "catalog:write",
    "POST /restrictions/{restriction_id}/end": "catalog:write",
    "POST /scans": "ship:write",
    "POST /shipping-rules/preview": "ship:read",
    "POST /skus": "catalog:write",
    "POST /stock/movements": "stock:write",
    "POST /stuck/{stuck_id}/retry": "events:write",
    "POST /tariff": "ship:write",
    "POST /transfers": "stock:write",
    "POST /transfers/{transfer_id}/cancel": "stock:write",
    "POST /transfers/{transfer_id}/ship": "stock:write",
    "POST /waves": "floor:write",
    "POST /waves/preview": "floor:read",
    "POST /waves/{wave_id}/cancel": "floor:write",
    "POST /waves/{wave_id}/close": "floor:write",
    "POST /waves/{wave_id}/release": "floor:write",
    "PUT /address-policy": "ship:write",
    "PUT /checks": "orders:write",
    "PUT /connections/{slug}": "admin",
    "PUT /connections/{slug}/keys": "admin",
    "PUT /counts/policy": "stock:write",
    "PUT /customs": "ship:write",
    "PUT /kits/{code}": "catalog:write",
    "PUT /locations/{code}/floor-plan": "stock:write",
    "PUT /locations/{code}/lanes": "allocation:write",
    "PUT /locations/{code}/pick-policy": "stock:write",
    "PUT /orders/{number}/contents": "ship:write",
    "PUT /packaging": "floor:write",
    "PUT /packaging/cartons": "floor:write",
    "PUT /pick-faces": "stock:write",
    "PUT /put-away-rules": "floor:write",
    "PUT /rate-tables": "ship:write",
    "PUT /refund-policy": "orders:write",
    "PUT /rules": "allocation:write",
    "PUT /shipping-rules": "ship:write",
    "PUT /silence": "ship:write",
    "PUT /stock/{sku}/{location}": "stock:write",
    "PUT /shelf-life": "stock:write",
    "PUT /timer-targets": "floor:write",
}


def test_every_route_is_in_the_table_and_asks_for_what_it_says():
    found = {
        f"{method} {re.sub('{[^}:]+:', '{', operation.path)}": scope(operation)
        for operation in operations(api)
        for method in operation.methods
    }
    assert found == MATRIX


def test_the_document_names_the_scope_of_every_route():
    document = api.get_openapi_schema()
    told = {
        f"{method.upper()} {path.removeprefix('/api')}": operation["security"][0]["Bearer"][0]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert told == MATRIX


def ask(program: Program, route: str):
    method, path = route.split(" ")
    filled = re.sub(r"\{[^}]+\}", "1", path)
    return program.send(method, f"/api{filled}", None if method == "GET" else {})


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "scope"), MATRIX.items(), ids=MATRIX)
def test_nobody_gets_through_without_the_scope_and_everybody_with_it(route, scope):
    problem(ask(Program(), route), 401, "unauthenticated")
    everything_else = [area for area in AREAS if area != scope.partition(":")[0]]
    if scope == "admin":
        everything_else = ["read", "write", *AREAS]
    elif scope.endswith(":write"):
        everything_else += ["read", scope.replace("write", "read")]
    problem(ask(Program(*everything_else), route), 403, "scope-missing")
    assert ask(Program(scope), route).status_code not in (401, 403, 500)


@pytest.mark.django_db
def test_a_token_of_a_site_opens_that_site_and_nothing_else():
    """Whatever the route: only those that name the site, and only that one."""
    mine, other = Program("site:1"), Program("site:2")
    for route, asked in MATRIX.items():
        if asked.startswith("outside:"):
            assert ask(mine, route).status_code not in (401, 403), route
        else:
            problem(ask(mine, route), 403, "scope-missing")
        problem(ask(other, route), 403, "scope-missing")


@pytest.mark.django_db
def test_reading_changes_nothing():
    """The database itself would refuse a write."""
    number = an_order(("LAMP", 1))
    program = Program("admin")
    with transaction.atomic():
        sql.run("set local transaction_read_only = on")
        for route in (route for route in MATRIX if route.startswith("GET ")):
            path = route.removeprefix("GET ").replace("{number}", number)
            answer = program.get(f"/api{re.sub(r'[{][^}]+[}]', '1', path)}")
            assert answer.status_code < 500, route
        transaction.set_rollback(True)
