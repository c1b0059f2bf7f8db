"""/api/orders/{number}/why and /api/rules: why a site serves an order, and the rules that say so."""

from quartermaster.api.allocation.rules import router as rules
from quartermaster.api.allocation.why import router as why

routers = (why, rules)
