"""/api/orders/{number}/why and /api/rules: why a site serves an order, and the rules that say so."""

from quartermaster.api.allocation import rules, why

routers = (why.router, rules.router)
