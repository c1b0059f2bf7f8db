"""What a shop is to have of a listing, and why: which sites serve it, the formula, and the buffer its
lag asks for."""

from quartermaster.channels.rules.lag import Suggested, suggest
from quartermaster.channels.rules.published import Policy, Published, Step, published
from quartermaster.channels.rules.serving import Site, serving

__all__ = ["Policy", "Published", "Site", "Step", "Suggested", "published", "serving", "suggest"]
