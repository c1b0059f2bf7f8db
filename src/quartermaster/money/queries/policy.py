"""What is given back for parcels nobody took: the policy in force."""

from quartermaster.core.queries.versions import Document
from quartermaster.money.rules.returned import Policy

POLICY = Document(
    "The refund policy",
    "money_policy",
    "policy",
    Policy,
    Policy(),
    "What we come with.",
    first_version=0,
    moment="at",
)
