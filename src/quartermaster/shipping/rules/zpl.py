"""Labels and pick lists in ZPL II for thermal printers: 4 x 6 inches at 203 dots an inch. Our own text, no
template."""

from collections.abc import Sequence
from itertools import batched

from msgspec import Struct

WIDTH, HEIGHT = 812, 1218  # dots
_LEFT, _FULL = 30, 752


class Printed(Struct, frozen=True):
    """What stands on a label. Lines as they are printed, the name first."""

    parcel: str
    order: str
    carrier: str
    service: str
    tracking_number: str
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    weight: str
    reference: str


def zpl(label: Printed) -> str:
    """One label, ^XA to ^XZ. Texts are written in UTF-8 with every sign that commands anything escaped."""
    fields = [
        _text(30, 30, 26, " · ".join(label.sender), lines=2),
        _rule(100),
        _text(30, 122, 60, label.carrier),
        _text(30, 190, 44, label.service),
        _rule(252),
        *_address(label.receiver),
        _rule(720),
        f"^FO{_LEFT + 20},750^BY3^BCN,220,N,N,N^FH_^FD{escaped(label.tracking_number)}^FS",
        _text(30, 985, 44, label.tracking_number, align="C"),
        _rule(1050),
        _text(30, 1072, 32, f"{label.parcel}  {label.order}  {label.weight}"),
        _text(30, 1120, 24, label.reference),
    ]
    return "\n".join(["^XA^CI28", f"^PW{WIDTH}^LL{HEIGHT}^LH0,0", *fields, "^XZ", ""])


PICKS_A_LABEL = 8
_FIRST, _STEP = 242, 118  # of the picks, from the top of the label


class Pick(Struct, frozen=True):
    """A line of a pick list, as it is printed. `lot` is empty when it does not matter."""

    position: int
    place: str
    sku: str
    title: str
    lot: str
    order: str
    quantity: int


def list_zpl(number: str, *, made: str, counted: str, picks: Sequence[Pick]) -> str:
    """A pick list on as many labels as it takes, each with the list's barcode. `made`: where, when and by
    whom; `counted`: how much it is."""
    pages = [list(some) for some in batched(picks, PICKS_A_LABEL)] or [[]]
    return "".join(
        _page(number, [made, counted, f"{n} of {len(pages)}"], page) for n, page in enumerate(pages, 1)
    )


def _page(number: str, head: Sequence[str], picks: Sequence[Pick]) -> str:
    fields = [
        f"^FO{_LEFT},30^BY2^BCN,90,N,N,N^FH_^FD{escaped(number)}^FS",
        _text(_LEFT, 135, 40, f"{number}   {head[2]}"),
        _text(_LEFT, 180, 26, f"{head[1]} · {head[0]}"),
        _rule(_FIRST - 20),
    ]
    for n, pick in enumerate(picks):
        y = _FIRST + n * _STEP
        lot = f" · lot {pick.lot}" if pick.lot else ""
        fields += [
            _text(_LEFT, y, 40, f"{pick.quantity} × {pick.place}"),
            _text(_LEFT, y + 44, 30, f"{pick.sku}{lot} · {pick.order}"),
            _text(_LEFT, y + 78, 22, f"{pick.position}  {pick.title}"),
            _rule(y + 104),
        ]
    return "\n".join(["^XA^CI28", f"^PW{WIDTH}^LL{HEIGHT}^LH0,0", *fields, "^XZ", ""])


def escaped(text: str) -> str:
    """For a field after ^FH_: signs that would end it or command something as _ and two hex digits."""
    return "".join(
        f"_{ord(sign):02X}" if sign in "^~_\\" else " " if not sign.isprintable() else sign for sign in text
    )


def _address(receiver: Sequence[str]) -> list[str]:
    return [_text(30, 275 + 62 * n, 50, line) for n, line in enumerate(receiver[:7])]


def _text(x: int, y: int, height: int, text: str, *, lines: int = 1, align: str = "L") -> str:
    """Cut where it would run over: a printer would print the rest on top of the last line."""
    fits = _FULL * lines * 2 // height
    return (
        f"^FO{x},{y}^A0N,{height},{height}^FB{_FULL},{lines},0,{align}"
        f"^FH_^FD{escaped(text if len(text) <= fits else f'{text[: fits - 1]}…')}^FS"
    )


def _rule(y: int) -> str:
    return f"^FO{_LEFT},{y}^GB{_FULL},3,3^FS"
