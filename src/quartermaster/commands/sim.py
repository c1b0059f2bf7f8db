"""./qm sim"""

import argparse

from quartermaster.commands.running.numbers import port_number

NAME = "sim"
HELP = "an outside system as a server on this machine, to try a connection by hand"
PREPARED = False
KINDS = "shipengine, shipstation, shippo, easyship, karrio, extensiv, unicommerce"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", metavar="KIND", help=f"{KINDS}, woocommerce, shopify, amazon, magento or flipkart"
    )
    parser.add_argument("--port", type=port_number, default=0, help="its port; chosen when it is not given")


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl-C. 2: there is no such simulator."""
    import sys

    from quartermaster.testing.simulators.accounts import CHANNELS, SIMULATED, WAREHOUSES, settings_for
    from quartermaster.testing.simulators.server import FAULTS, Simulator

    if args.kind not in SIMULATED:
        print(f"qm: there is no simulator of {args.kind}, but of: {', '.join(SIMULATED)}", file=sys.stderr)
        return 2
    simulator = Simulator(SIMULATED[args.kind](), port=args.port)
    settings = settings_for(args.kind, simulator.url)
    print(f"{args.kind} is simulated at {simulator.url}, until Ctrl-C. Connect it with:")
    print(f"    ./qm connect {args.kind} acme-{args.kind} --set \\")
    print(" \\\n".join(f'        {name}="{value}"' for name, value in settings.items()))
    print(f"What it has sold: curl {simulator.url}/_simulator/state")
    print(f"Let it misbehave ({', '.join(FAULTS)}):")
    operation = "send" if args.kind in WAREHOUSES else "*" if args.kind in CHANNELS else "buy"
    wish = f'{{"operation": "{operation}", "faults": ["late"]}}'
    print(f"    curl {simulator.url}/_simulator/faults -d '{wish}'", flush=True)
    if args.kind in WAREHOUSES:
        left = '{"reference": "QM-…", "units": {"SKU": 1}, "is_last": true}'
        print(f"Let a parcel leave: curl {simulator.url}/_simulator/ship -d '{left}'", flush=True)
    if args.kind in CHANNELS:
        _say_of_a_shop(simulator.url, sends=simulator.mail is not None)
    simulator.run()
    return 0


def _say_of_a_shop(url: str, *, sends: bool) -> None:
    print("Then: PATCH /api/channels/acme-… with mode live, and let somebody buy something:")
    print(f'    curl {url}/_simulator/order -d \'{{"lines": [{{"sku": "SKU", "quantity": 2}}]}}\'')
    if not sends:
        return
    print("Let what it sends by itself be lost, doubled, corrupt, delayed (shares) or shuffled:")
    wish = '{"line": {"lost": 0.1, "doubled": 0.2, "delayed": 0.3, "is_shuffled": true}, "seed": 7}'
    print(f"    curl {url}/_simulator/line -d '{wish}'", flush=True)
