"""A badge in ZPL II: 4 x 2 inches at 203 dots an inch."""

from quartermaster.shipping.rules.zpl import escaped

WIDTH, HEIGHT = 812, 406  # dots
_NAME_MAX = 26


def badge_zpl(name: str, below: str, code: str) -> str:
    """One label, ^XA to ^XZ: name, a line below it, the code as Code 128 without its text."""
    shown = name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1]}…"
    return "\n".join(
        [
            "^XA^CI28",
            f"^PW{WIDTH}^LL{HEIGHT}^LH0,0",
            f"^FO40,36^A0N,56,56^FH_^FD{escaped(shown)}^FS",
            f"^FO40,104^A0N,30,30^FH_^FD{escaped(below[:48])}^FS",
            f"^FO40,170^BY2^BCN,150,N,N,N^FH_^FD{escaped(code)}^FS",
            "^XZ",
            "",
        ]
    )
