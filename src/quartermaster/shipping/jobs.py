"""What shipping does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.shipping.actions import ask_addresses


@app.periodic(cron="* * * * *")
@app.task(name="shipping.ask_addresses", queueing_lock="shipping.ask_addresses")
@lets_go
def ask(timestamp: int) -> None:
    """Carriers are asked about addresses that are new, where that is switched on."""
    ask_addresses(at=datetime.fromtimestamp(timestamp, UTC))
