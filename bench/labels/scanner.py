"""A scanner: every page drawn as a label printer draws it, and its barcode read."""

import zxingcpp
from pypdfium2 import PdfDocument


def read(pdf: bytes, dots_per_inch: int) -> list[str]:
    """What stands in the barcodes of each page, joined by blanks; "" where there is none."""
    found = []
    for page in PdfDocument(pdf):
        drawn = page.render(scale=dots_per_inch / 72, grayscale=True)
        grey = memoryview(drawn.buffer).cast("B", shape=[drawn.height, drawn.stride])
        found.append(" ".join(code.text for code in zxingcpp.read_barcodes(grey)))
    return found
