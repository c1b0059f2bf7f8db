"""What shipping does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.actions.report import keep_reports
from quartermaster.core.jobs import lets_go
from quartermaster.shipping.actions import ask_addresses
from quartermaster.shipping.queries.cartons import CARTONS_LATELY


@app.periodic(cron="* * * * *")
@app.task(name="shipping.ask_addresses", queueing_lock="shipping.ask_addresses")
@lets_go
def ask(timestamp: int) -> None:
    """Carriers are asked about addresses that are new, where that is switched on."""
    ask_addresses(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="31 * * * *")
@app.task(name="shipping.count", queueing_lock="shipping.count")
@lets_go
def count(timestamp: int) -> None:
    """How cartons do is counted once an hour: months of parcels are too many for a page."""
    keep_reports([CARTONS_LATELY], at=datetime.fromtimestamp(timestamp, UTC))
