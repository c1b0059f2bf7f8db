"""./qm doctor"""

import argparse

NAME = "doctor"
HELP = "prove every invariant; exit 1 if one is broken, naming rows"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")


def run(args: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from quartermaster.core import doctor

    if args.json:
        findings = doctor.examine()
        told = [{**asdict(finding), "is_ok": finding.is_ok} for finding in findings]
        print(json.dumps({"is_ok": all(finding.is_ok for finding in findings), "checks": told}, indent=2))
        return 0 if all(finding.is_ok for finding in findings) else 1
    broken = 0
    for check in doctor.checks:  # one at a time: a large ledger takes a while
        rows = check.look()
        print(f"{'broken' if rows else 'ok':6}  {check.name:18} {check.sentence}", flush=True)
        for row in rows:
            print(f"        - {row}")
        broken += bool(rows)
    all_of_them, verb = len(doctor.checks), "is" if broken == 1 else "are"
    print(f"{broken} of {all_of_them} {verb} broken." if broken else f"All {all_of_them} hold.")
    return 1 if broken else 0
