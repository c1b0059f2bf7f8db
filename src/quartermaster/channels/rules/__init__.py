"""What a shop is to have of a listing, and why: which sites serve it, the formula, and the buffer its
lag asks for; and whether it is told anything."""

from quartermaster.channels.rules.lag import Suggested, suggest
from quartermaster.channels.rules.published import Policy, Published, Step, Young, published
from quartermaster.channels.rules.serving import Site, serving
from quartermaster.channels.rules.turns import not_now

__all__ = [
    "Policy",
    "Published",
    "Site",
    "Step",
    "Suggested",
    "Young",
    "not_now",
    "published",
    "serving",
    "suggest",
]
