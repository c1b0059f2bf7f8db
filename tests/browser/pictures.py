"""Pages as pictures, light, dark, desk, phone: python -m tests.browser.pictures [NAME ... | all]

Writes docs/pictures/*.png (without names: those that docs/ shows) from a company that the builders make, in a
database that is gone afterwards.
"""

import argparse
import contextlib
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page
from tests.browser.chrome import browser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
DESK, PHONE = (1440, 900), (390, 844)

SHOWN = ["today", "exceptions", "orders", "order", "messages", "stock"]
SHOTS = {
    "sign-in": "/sign-in/{link}",
    "today": "/",
    "exceptions": "/exceptions",
    "exceptions-group": "/exceptions/holds?of=address",
    "exceptions-sku": "/exceptions/unknown-sku?of=northlight:VASE-NEW",
    "orders": "/orders",
    "on-hold": "/orders?status=on_hold",
    "order": "/orders/{order}",
    "order-split": "/orders/{split}",
    "order-held": "/orders/{held}?status=on_hold",
    "order-asked": "/orders/{order}?ask=today#asked",
    "messages": "/messages",
    "message": "/messages/{message}",
    "replay": "/messages/replay?connection=northlight&since=2026-01-01T00:00&until=2099-01-01T00:00",
    "replays": "/messages/replays",
    "stuck": "/stuck",
    "stock": "/stock",
    "sku": "/stock/MUG-ST",
    "products": "/products",
    "products-cause": "/products/causes/no-hs-code",
    "product": "/products/sku/MUG-ST",
    "products-table": "/products/table",
    "products-naming": "/products/naming",
    "products-file": "/products/file",
    "floor": "/floor?site=BER",
    "pick": "/floor/pick/{list}",
    "pack": "/floor/pack/{parcel}",
    "put-backs": "/floor/put-backs",
    "packaging": "/packaging",
    "counts": "/floor/counts",
    "crew": "/floor/crew",
    "refills": "/floor/refills",
    "waves": "/floor/waves?site=BER",
    "pick-policy": "/floor/policy?site=BER",
    "count": "/floor/counts/{count}",
    "counts-lead": "/counts",
    "ship": "/ship",
    "ship-carrier": "/ship/carriers/express",
    "tariff": "/ship/tariff",
    "customs": "/ship/customs",
    "given-back": "/ship/given-back",
    "claims": "/ship/claims",
    "scorecard": "/ship/scorecard",
    "promises": "/ship/promises",
    "sites": "/sites",
    "site-calendar": "/sites/BER/calendar",
    "timers": "/timers?kind=next",
    "parcel": "/parcels/{labelled}",
    "scans": "/parcels/{late}/scans",
    "late": "/late",
    "late-empty": "/late?kind=stuck",
    "late-timers": "/timers?kind=breached&show=all",
    "silence": "/late/silence",
    "people": "/people",
    "person": "/people/{person}",
    "device": "/floor/device",
    "scanner": "/floor/scanner",
    "dispatch": "/floor/dispatch?site=BER",
    "receive": "/floor/receive?site=BER",
    "put-away": "/floor/put-away?site=BER",
    "move": "/floor/move?site=BER",
    "kpi": "/kpi",
    "kpi-rows": "/kpi/orders",
    "help": "/help",
    "empty": "/orders?status=delivered",
    "refused": "/orders/SO-999999",
    "lost": "/nowhere",
}
# Of what is rare, made by tests.browser.corners after the story. A tuple: a page, and what is scanned there.
CORNERS: dict[str, str | tuple[str, ...]] = {
    "photo-wanted": "/floor/pack/{parcel}",
    "photo-taken": "/floor/pack/{photo}",
    "photo-rules": "/packaging",
    "old-lot-promise": "/orders/{old}",
    "old-lot-scan": ("/floor/pick/{lots}", "J-2", "L-2611"),
    "address-bad": "/orders/{nowhere}",
    "address-rewritten": "/orders/{rewritten}",
    "address-holds": "/orders?status=on_hold",
    "address-exceptions": "/exceptions/holds?of=undeliverable",
    "coming-in": "/outside/FUL",
    "wave-preview": "/floor/waves?site=BER&preview={preview}",
    "customs-versions": "/ship/customs",
    "late-all": "/late",
    "late-no-scan": "/late?kind=no_scan",
    "late-stuck": "/late?kind=stuck",
    "late-lost": "/late?kind=lost",
    "late-house": "/late?kind=will_be_late",
    "late-exceptions": "/late?kind=exceptions",
    "receiving": "/floor/receive?site=BER",
    "arrival": "/floor/receive/{arrival}",
    "storing": "/floor/put-away?site=BER",
    "timers-next": "/timers?kind=next",
    "timers-late": "/timers",
    "recalls": "/stock/recalls",
    "recall": "/stock/recalls/{recall}",
    "cages": "/floor/dispatch?site=BER",
    "end-of-day": "/ship/dispatch",
    "waves-rows": "/floor/waves?site=BER",
    "wave": "/floor/waves/{wave}",
    "cart": "/floor/carts/{cart}",
    "totes": "/floor/totes",
    "readdressed": "/orders/{moved}",
    "strike": "/ship/carriers/post",
    "public": "/t/{track}",
    "tariff-rows": "/ship/tariff",
    "accounts": "/ship/accounts",
    "account": "/ship/accounts/acme-ship",
}
OPENED = {"sign-in"}  # needs nobody to be signed in


def draw(
    chromium: Browser,
    address: str,
    link: str,
    fill: dict[str, str],
    folder: Path,
    only: set[str],
    *,
    whole: bool,
) -> None:
    """Take every picture that is wanted of a running Quartermaster."""
    folder.mkdir(parents=True, exist_ok=True)
    shots = {name: path for name, path in {**SHOTS, **CORNERS}.items() if name in only}
    for theme in ("light", "dark"):
        for where, (width, height) in (("desk", DESK), ("phone", PHONE)):
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                device_scale_factor=1 if where == "desk" else 2,
                has_touch=where == "phone",
                is_mobile=where == "phone",
            )
            page = context.new_page()
            if "sign-in" in shots:
                page.goto(address + SHOTS["sign-in"].format(link=link, **fill))
                page.screenshot(path=folder / f"sign-in-{where}-{theme}.png")
            context.add_cookies([{"name": "qm_session", "value": fill["session"], "url": address}])
            for name, path in shots.items():
                if name not in OPENED:
                    there, *scans = (path,) if isinstance(path, str) else path
                    page.goto(address + there.format(**fill))
                    type_scans(page, scans)
                    _shoot(page, folder / f"{name}-{where}-{theme}.png", whole)
            context.close()


def type_scans(page: Page, scans: Sequence[str]) -> None:
    """As a scanner types them, one after the other is answered."""
    for scan in scans:
        page.locator("input[name=scan]").fill(scan)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")


def _shoot(page: Page, file: Path, whole: bool) -> None:
    page.wait_for_load_state("networkidle")
    if not whole:
        page.screenshot(path=file)
        return
    size = page.viewport_size or {"width": 0, "height": 0}
    # As tall as the page is, so that what sticks to an edge of the window sticks to one of the picture.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.screenshot(path=file)
    page.set_viewport_size(size)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """A Quartermaster over an empty, migrated database; its address."""
    from quartermaster.commands.running import throwaway

    with throwaway.home() as environment:
        os.environ.update(
            environment,
            QM_SECRET_KEY=secrets.token_urlsafe(40),
            DJANGO_SETTINGS_MODULE="quartermaster.settings",
        )
        import django

        django.setup()
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.core.management import call_command
        from django.db import connections
        from django.test.testcases import LiveServerThread

        call_command("migrate", verbosity=0)
        server = LiveServerThread("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.terminate()
            connections.close_all()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SHOTS, *CORNERS, "all"], metavar="NAME")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--whole", action="store_true", help="down to the end of each page")
    args = parser.parse_args()
    only = {*SHOTS, *CORNERS} if "all" in args.names else set(args.names or SHOWN)
    with running() as address:
        from tests.browser.story import story

        link, fill = story()
        if only & {*CORNERS}:
            from django.utils.timezone import now
            from tests.browser.busy import busy
            from tests.browser.corners import corners

            fill |= corners(at=now())
            fill |= busy(at=now())
        from quartermaster.quality.actions import lint_dirty, look_at_all, weigh

        look_at_all()
        while lint_dirty():
            pass
        weigh()
        with browser() as chromium:
            draw(chromium, address, link, fill, args.to, only, whole=args.whole)
    print(f"Pictures of {', '.join(sorted(only))} are in {args.to}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
