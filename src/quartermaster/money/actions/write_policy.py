"""Say what is given back for parcels nobody took."""

from datetime import datetime

from django.db import transaction

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX
from quartermaster.events import RefundPolicyChanged
from quartermaster.money.queries.policy import POLICY
from quartermaster.money.rules.returned import Policy


@transaction.atomic
def write_policy(policy: Policy, *, basis: int | None = None, because: str, at: datetime, by: str) -> int:
    """Put a policy in force; refunds that are due already stay as they are. Returns the new version. Raises
    Invalid, VersionMoved."""
    number = next_version(POLICY, basis)
    wrong = {
        f"fee_minor.{currency}": "an ISO 4217 currency, and no less than nothing"
        for currency, minor in policy.fee_minor.items()
        if currency not in EXPONENT or not 0 <= minor <= MINOR_MAX
    }
    version = write_version(POLICY, number, policy, wrong=wrong, because=because, at=at, by=by)
    emit(
        [
            RefundPolicyChanged(
                subject="refund_policy:1", at=at, actor=by, version=version, because=because.strip()
            )
        ]
    )
    return version
