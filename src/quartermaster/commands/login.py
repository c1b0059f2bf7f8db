"""./qm login"""

import argparse

NAME = "login"
HELP = "print a new one-time sign-in link"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose link."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="owner", help="whose; else the owner's")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from quartermaster.console.actions import login_link
    from quartermaster.core import locations

    link = login_link(name=args.name)
    print(link if settings.URL else f"{locations.known_url(locations.home())}{link}")
    print("Works once, within 30 minutes." + ("" if settings.URL else " Running elsewhere? Set QM_URL."))
    return 0
