"""What the states of parcels and labels are called on a page."""

from quartermaster.console.orders.words import Word

PARCEL: dict[str, Word] = {
    "packing": Word("Being packed", "▢", ""),
    "packed": Word("Packed", "▣", "is-accent"),
    "labelled": Word("Labelled", "▤", "is-accent"),
    "handed_over": Word("Handed over", "→", "is-good"),
    "cancelled": Word("Given up", "✕", ""),
}
LABEL: dict[str, Word] = {
    "": Word("Not asked for", "○", ""),
    "queued": Word("Asked for", "◷", "is-accent"),
    "unknown": Word("No clear answer", "?", "is-warn"),
    "bought": Word("Bought", "✓", "is-good"),
    "refused": Word("Refused", "✕", "is-bad"),
    "voiding": Word("Being given back", "◷", ""),
    "voided": Word("Void", "–", ""),
    "stranded": Word("Paid in vain", "✕", "is-bad"),
}


def sentence(state: str, label: str, because: str = "") -> str:
    """What a parcel waits for, in one sentence. `because`: what the last attempt at its label came to."""
    match state, label:
        case "packing", _:
            return "It is open on the packing bench."
        case "packed", "queued":
            return f"Its label is tried again: {because}." if because else "Its label is being bought."
        case "packed", "unknown":
            return "The carrier gave no clear answer; it is asked until it does, and not paid twice."
        case "packed", "voiding":
            return "Its old label is being given back."
        case "packed", "refused":
            return "No carrier took it. Correct what is wrong, and its label is asked for again."
        case "packed", _:
            return "It has no label."
        case "labelled", _:
            return "It waits to be scanned out to the carrier."
        case "handed_over", _:
            return "The carrier has it."
    return "Nothing of it is left."
