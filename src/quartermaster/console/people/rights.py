"""What each page asks for, in one table. A page whose address begins with no known word is the owner's alone.

A right is an area and how far one must be allowed to go in it: looking at a page asks for `read`, a form on
it for `write`, a decision that others have to live with for `lead`.
"""

AREA_OF = {  # first word of the address -> area
    **dict.fromkeys(("", "orders", "search", "exceptions"), "orders"),
    **dict.fromkeys(("stock", "counts", "sites", "listings", "products", "prices"), "stock"),
    **dict.fromkeys(("ship", "parcels", "manifests", "late", "outside", "packaging"), "ship"),
    **dict.fromkeys(("messages", "stuck", "connect"), "messages"),
    **{word: word for word in ("floor", "kpi", "people")},
    "timers": "floor",
    "marketplaces": "kpi",
}
ANYBODY = frozenset({"sign-out", "floor-leave", "look", "help"})
# Routes that ask for something else than their address says, by method.
EXCEPTIONS = {
    ("count-approve", "POST"): "stock:lead",
    ("count-again", "POST"): "stock:lead",
    ("counts-schedule", "POST"): "stock:lead",
    ("counts-policy", "POST"): "stock:lead",
    ("products-naming", "POST"): "stock:lead",
    ("site-calendar", "POST"): "stock:lead",
    **dict.fromkeys(
        (("messages-replay", "POST"), ("messages-replays", "POST"), ("messages-replay-one", "POST")),
        "messages:lead",
    ),
    # Whether a shop is told anything at all, and what it is asked for: others have to live with it.
    **dict.fromkeys((("connect-shop", "POST"), ("connect-compare", "POST")), "messages:lead"),
    # Who writes a key decides whom we believe, and who gets to see our orders: the owner's alone.
    ("connect-keys", "GET"): "messages:lead",
    ("connect-keys", "POST"): "people:lead",
    ("outside-drift", "POST"): "stock:lead",
    ("ship-carrier", "POST"): "ship:lead",
    **dict.fromkeys((("late-patience", "POST"), ("late-silence", "POST")), "ship:lead"),
    # How a shop makes its prices, and what goes out past a guard.
    **dict.fromkeys(
        (("prices-shop", "POST"), ("prices-change", "POST"), ("prices-rules", "POST")), "stock:lead"
    ),
    ("packaging", "POST"): "ship:lead",
    ("packaging-csv", "POST"): "ship:lead",
    ("packaging-returns", "POST"): "ship:lead",
    ("packaging-inserts", "POST"): "ship:lead",
    ("packaging-photos", "POST"): "ship:lead",
    ("ship-resume", "POST"): "ship:lead",
    # Who writes a key here decides who is paid: the owner's alone.
    **dict.fromkeys(
        (("ship-accounts", "GET"), ("ship-account", "GET"), ("ship-account-new", "GET")), "ship:lead"
    ),
    **dict.fromkeys((("ship-account", "POST"), ("ship-account-new", "POST")), "people:lead"),
    **dict.fromkeys((("outside", "POST"), ("ship-restricted", "POST")), "ship:lead"),
    ("ship-restricted-end", "POST"): "ship:lead",
    **dict.fromkeys((("ship-tariff", "POST"), ("ship-tariff-end", "POST")), "ship:lead"),
    ("ship-customs", "POST"): "ship:lead",
    ("refund-policy", "POST"): "money:write",
    # What buyers complain of belongs to their orders; what we are held to, others have to live with.
    **dict.fromkeys((("marketplaces-defects", "POST"), ("marketplaces-contest", "POST")), "orders:write"),
    **dict.fromkeys((("marketplaces-bring", "POST"), ("marketplaces-official", "POST")), "orders:write"),
    ("marketplaces-terms", "POST"): "orders:lead",
    ("refund-pay", "POST"): "money:write",
    **dict.fromkeys((("recalls", "POST"), ("recall-lift", "POST")), "stock:lead"),
    ("shelf-life", "POST"): "stock:lead",
    **dict.fromkeys((("ship-rules", "POST"), ("ship-addresses", "POST")), "ship:lead"),
    ("ship-rule-remove", "POST"): "ship:lead",
    ("ship-claims", "GET"): "money:read",
    ("ship-claims-csv", "GET"): "money:read",
    ("ship-claim", "POST"): "money:write",
    ("floor-crew", "GET"): "floor:lead",
    **dict.fromkeys((("floor-waves", "GET"), ("floor-waves", "POST")), "floor:lead"),
    **dict.fromkeys((("floor-wave-release", "POST"), ("floor-wave-close", "POST")), "floor:lead"),
    **dict.fromkeys((("floor-wave-cancel", "POST"), ("floor-wave-look", "POST")), "floor:lead"),
    ("floor-policy", "POST"): "floor:lead",
    ("timer-targets", "POST"): "floor:lead",
    ("floor-scanner", "POST"): "floor:read",
    ("floor-dispatch", "GET"): "ship:write",
    ("floor-dispatch", "POST"): "ship:write",
    ("floor-dispatch-close", "POST"): "ship:write",
    # Badges are the shift's business; who is made what by them is decided in people.actions.badges.
    **dict.fromkeys((("people", "GET"), ("person", "GET"), ("person-pin", "POST")), "floor:lead"),
    **dict.fromkeys((("person-badge", "POST"), ("person-badge-revoke", "POST")), "floor:lead"),
    **dict.fromkeys((("person-badge-paper", "POST"), ("device-revoke", "POST")), "floor:lead"),
    **dict.fromkeys((("floor-device", "GET"), ("floor-device", "POST")), "floor:lead"),
}
BADGE_OPENS = frozenset({"floor", "sign-out", "look"})  # first words of addresses
OVERRIDE = "floor:lead"  # a weight that is off, units packed unscanned: accepted with a reason


def right_of(route: str, method: str, path: str) -> str:
    """The right that a route asks for: "floor:read". `path` begins with a slash. HEAD asks as GET does."""
    if route in ANYBODY:
        return "any"
    method = "GET" if method in ("GET", "HEAD", "OPTIONS") else "POST"
    area = AREA_OF.get(path.split("/", 2)[1], "people")
    kind = "lead" if area == "people" else "read" if method == "GET" else "write"
    return EXCEPTIONS.get((route, method), f"{area}:{kind}")


def is_for_badges(path: str) -> bool:
    """Whether somebody who came in by badge gets there at all, whatever the role."""
    return path.split("/", 2)[1] in BADGE_OPENS
