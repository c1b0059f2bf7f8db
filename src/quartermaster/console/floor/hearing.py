"""What a scanner made of a test barcode, and what to change when it is not what the barcode says. Pure."""

from typing import NamedTuple

GS = "\x1d"  # between the fields of a GS1 barcode
SLOW_MS = 100


class TestCode(NamedTuple):
    """text: what a right scanner types. gs1: the same with its identifiers in brackets, "" for a Code 128."""

    title: str
    says: str
    text: str
    gs1: str = ""


# The first has every sign that keyboard layouts disagree about; the last is what goods with lots carry.
CODES = (
    TestCode("Letters and signs", "tells the keyboard layout", "QM-Y2Z/aw;01_?m"),
    TestCode("Digits", "tells prefix, suffix and doubled scans", "4012345"),
    TestCode(
        "GS1-128",
        "tells whether fields stay apart",
        f"010401234500001610LOT7{GS}21S42",
        "(01)04012345000016(10)LOT7(21)S42",
    ),
)

# What a scanner that types as a US keyboard gives where the device is set to another one.
LAYOUTS = {
    "German": str.maketrans("yzYZ-/;_?", "zyZYß-ö?_"),
    "French": str.maketrans("aqwzAQWZmM0123456789-/;_?", "qazwQAZW,?à&é\"'(-è_ç)!m°§"),
    "Spanish": str.maketrans("-/;_?", "'-ñ?_"),
    "Italian": str.maketrans("-/;_?", "'-ò?_"),
}


class Finding(NamedTuple):
    """What was found, and what to do about it; no remedy: it is as it should be."""

    says: str
    remedy: str = ""


def findings(code: TestCode, got: str, *, ended_by: str = "", gap_ms: int | None = None) -> list[Finding]:
    """What is to be said of a scan. got: what came, control signs included; ended_by: Enter, Tab, or "" when
    nothing ended it; gap_ms: mean time between two keys, None when nobody measured."""
    if not got:
        return [
            Finding("Nothing came.", "Put the cursor into the field, and check that the scanner is paired.")
        ]
    told = [_content(code, got)]
    if ended_by in ("Enter", "Tab"):
        told.append(Finding(f"It ends a scan with {ended_by}."))
    elif gap_ms is not None:
        told.append(
            Finding(
                "Nothing ends a scan.",
                "Set the scanner's suffix to Enter (CR): else every scan waits.",
            )
        )
    if gap_ms is not None and gap_ms > SLOW_MS:
        told.append(
            Finding(
                f"{gap_ms} ms pass between two keys: slow.",
                "Set the delay between characters to 0, or the Bluetooth profile to HID with high speed.",
            )
        )
    return told


def _content(code: TestCode, got: str) -> Finding:
    want = code.text
    if got == want:
        return Finding("It sends exactly what the barcode says.")
    if got == want * 2:
        return Finding(
            "Every scan comes twice.",
            "Two programs on the device send it: leave keystroke output on in one profile only.",
        )
    if got.swapcase() == want:
        return Finding("Capitals and small letters are swapped.", "Switch Caps Lock off on this device.")
    return _separator(want, got) or _layout(want, got) or _around(want, got) or _unlike(want, got)


def _separator(want: str, got: str) -> Finding | None:
    if GS not in want:
        return None
    before, _, after = want.partition(GS)
    if got == before + after:
        return Finding(
            "The separator between GS1 fields is lost: a lot and what follows it run into one.",
            "Switch on sending of FNC1 as GS (ASCII 29) in the scanner.",
        )
    if got.startswith(before) and got.endswith(after):
        instead = got[len(before) : len(got) - len(after)]
        return Finding(
            f"The separator between GS1 fields comes as {instead!r}.",
            "Set the scanner's replacement for GS to none, so that ASCII 29 itself is sent.",
        )
    return None


def _layout(want: str, got: str) -> Finding | None:
    for name, table in LAYOUTS.items():
        if got == want.translate(table):
            return Finding(
                f"The scanner types as a US keyboard, and this device reads {name}: signs are garbled.",
                f"Set the scanner's keyboard country to {name}, or this device's keyboard to US English.",
            )
    return None


def _around(want: str, got: str) -> Finding | None:
    if want not in got:
        return None
    before, _, after = got.partition(want)
    if before.startswith("]") and len(before) == 3 and not after:
        return Finding(
            f"It sends {before!r} first, the kind of barcode.", "Switch off sending of the AIM identifier."
        )
    parts = [f"{before!r} before" if before else "", f"{after!r} behind" if after else ""]
    return Finding(
        f"It adds {' and '.join(filter(None, parts))}.",
        "Set the scanner's prefix and suffix to none.",
    )


def _unlike(want: str, got: str) -> Finding:
    if len(got) < len(want) and set(got) <= set(want):
        return Finding(
            f"Signs are missing: {got!r} came of {want!r}.",
            "Raise the delay between characters a little, then scan again.",
        )
    return Finding(
        f"{got!r} came instead of {want!r}.",
        "Was it this barcode? Then set the scanner back to factory settings, its keyboard to the device's.",
    )
