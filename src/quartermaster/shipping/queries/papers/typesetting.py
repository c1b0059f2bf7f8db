"""Typst and barcodes: a template, what is to stand in it, a PDF. Nothing of it is ever read as markup."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from threading import Lock

import msgspec
import typst
from zint import OutputOptions, Symbol, Symbology

_TEMPLATES = Path(__file__).parent
_SHARED = "shared.typ"
_one_at_a_time = Lock()


def typeset(template: str, content: object, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a template of this folder ("label"). `files`: PDFs it shows by name."""
    given = {"content": msgspec.json.encode(content).decode()}
    if not files:
        with _one_at_a_time:  # a compiler keeps what it has read for the next time
            return _one(_compiler(template).compile(format="pdf", sys_inputs=given))
    with TemporaryDirectory() as folder:
        for name in (f"{template}.typ", _SHARED):
            copy(_TEMPLATES / name, folder)
        for name, pdf in files.items():
            (Path(folder) / name).write_bytes(pdf)
        compiler = typst.Compiler(str(Path(folder) / f"{template}.typ"), root=folder)
        return _one(compiler.compile(format="pdf", sys_inputs=given))


@lru_cache(maxsize=4000)
def code128(text: str) -> str:
    """A Code 128 as SVG, bars only."""
    return _svg(text, Symbology.CODE128)


@lru_cache(maxsize=40)
def gs1_128(text: str) -> str:
    """A GS1-128 as SVG, bars only. text: application identifiers in brackets, "(01)…(10)…"."""
    return _svg(text.replace("(", "[").replace(")", "]"), Symbology.GS1_128)


def _svg(text: str, symbology: Symbology) -> str:
    symbol = Symbol()
    symbol.symbology = symbology
    symbol.output_options = OutputOptions.BARCODE_MEMORY_FILE
    symbol.outfile = "barcode.svg"
    symbol.show_hrt = False
    symbol.encode(text)
    symbol.print()
    assert symbol.memfile is not None, "it was asked for in memory"
    return bytes(symbol.memfile).decode()


def _one(made: bytes | list[bytes] | None) -> bytes:
    """A PDF is one file; only pictures come by the page."""
    assert isinstance(made, bytes)
    return made


@lru_cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(_TEMPLATES / f"{template}.typ"), root=str(_TEMPLATES))
