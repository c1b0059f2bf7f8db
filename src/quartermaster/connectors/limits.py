"""What vendors say how often they may be asked, as turns to take (core.pace)."""

from quartermaster.core.pace import Limit, LimitOf
from quartermaster.shipping.ports import Account


def per_minute(account: Account, calls: int, *, what: str = "all") -> Limit:
    """At most `calls` in any minute: a tenth of them at once, the others spread."""
    burst = max(1, calls // 10)
    return Limit(f"{account.slug}/{what}", 60 / max(1, calls - burst), burst)


def of(account: Account, limit_of: LimitOf) -> LimitOf | None:
    """None where another server than the vendor's own is asked: its limits are not known."""
    return None if account.settings.get("api_url") else limit_of
