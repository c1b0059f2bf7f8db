"""./qm token"""

import argparse

NAME = "token"
HELP = "create, list and revoke API tokens"
_MEANT = {"all": "admin", "*": "admin"}  # what other systems call it


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|list|revoke")
    create = verbs.add_parser("create", help="make a token and print it, once")
    create.add_argument("name", metavar="NAME", help="who uses it; the event log knows it by this name")
    create.add_argument(
        "--scope",
        metavar="SCOPE",
        action="append",
        required=True,
        help="admin, read, write, or an area such as orders, orders:read, stock:write; site:RNO; or several",
    )
    verbs.add_parser("list", help="names and scopes")
    revoke = verbs.add_parser("revoke", help="end a token at once")
    revoke.add_argument("name", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    """0 done, 1 refused, 2 a scope or name that cannot be. The token alone goes to standard output."""
    import sys

    from django.utils.timezone import now

    from quartermaster.commands.running.person import person
    from quartermaster.core.tokens import create_token, revoke_token

    if args.verb == "list":
        return _list()
    if args.verb == "revoke":
        revoke_token(args.name, at=now(), by=person())
        print(f"{args.name} is revoked.")
        return 0
    told = [scope.strip() for given in args.scope for scope in given.split(",")]
    scopes = [_MEANT.get(scope, scope) for scope in told]
    text = create_token(args.name, scopes, at=now(), by=person())
    print("It is shown only now. Send it as: Authorization: Bearer TOKEN", file=sys.stderr)
    print(text)
    return 0


def _list() -> int:
    from quartermaster.core.models import Token

    for token in Token.objects.order_by("name"):
        state = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else "live"
        print(f"{token.name:30} {state:20} {', '.join(token.scopes)}")
    return 0
