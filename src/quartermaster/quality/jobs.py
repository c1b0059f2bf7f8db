"""What happens every ten minutes, off the river."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.quality.actions import look_at_all, notice_sales, weigh


@app.periodic(cron="*/10 * * * *")
@app.task(name="quality.weigh", queueing_lock="quality.weigh")
@lets_go
def weigh_products(timestamp: int) -> None:
    """What is open on orders, what shops sold, and SKUs that nobody looked at yet."""
    notice_sales(at=datetime.fromtimestamp(timestamp, UTC))
    weigh()
    look_at_all(only_new=True)
