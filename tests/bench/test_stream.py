"""The whole stream, small: every order arrives, and nothing is broken on the way."""

import json

import pytest

from .test_river import bench


@pytest.mark.slow
def test_sixty_orders_go_from_the_webhook_to_the_door() -> None:
    done = bench("stream", "--orders", "60", "--skus", "40", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["orders"], report["delivered"], report["broken"]) == (60, 60, [])
    assert [one["station"] for one in report["stations"]][0::6] == ["intake", "delivery"]
    assert all(one["orders_per_s"] > 0 for one in report["stations"])
