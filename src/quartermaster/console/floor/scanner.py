"""Setting up a scanner: test barcodes on the screen or on paper, and what the scanner made of them."""

from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.console.floor.hearing import CODES, TestCode, findings
from quartermaster.core.texts import storable, whole
from quartermaster.shipping.queries.papers.badges import scanner_sheet_pdf
from quartermaster.shipping.queries.papers.typesetting import code128, gs1_128

type Answer = HttpResponse

_SCAN_MAX = 200


def scanner(request: HttpRequest) -> Answer:
    """GET /floor/scanner"""
    return _shown(request, 0)


def heard(request: HttpRequest) -> Answer:
    """POST /floor/scanner: code=0, got, and what the page measured: ended_by, gap_ms. Without JavaScript the
    field itself is what came, and what ended it was Enter."""
    given = request.POST
    code = int(given.get("code", "")) if given.get("code", "") in ("0", "1", "2") else 0
    got = storable(given.get("got") or given.get("scan", ""))[:_SCAN_MAX]
    gap = given.get("gap_ms", "")
    gap_ms = whole(gap, 5)
    ended_by = given.get("ended_by", "Enter" if gap_ms is None else "")
    told = findings(CODES[code], got, ended_by=ended_by, gap_ms=gap_ms)
    return _shown(request, (code + 1) % len(CODES), of=CODES[code], told=told)


def sheet(request: HttpRequest) -> Answer:
    """GET /floor/scanner/codes.pdf"""
    codes = [(one.title, one.says, one.gs1 or one.text, bool(one.gs1)) for one in CODES]
    return HttpResponse(scanner_sheet_pdf(codes), content_type="application/pdf")


def _shown(request: HttpRequest, code: int, **more: object) -> Answer:
    shown = CODES[code]
    context = {
        "section": "floor",
        "number": code,
        "count": len(CODES),
        "code": shown,
        "picture": _picture(shown),
        **more,
    }
    return render(request, "floor/scanner.html", context)


def _picture(code: TestCode) -> str:
    svg = gs1_128(code.gs1) if code.gs1 else code128(code.text)
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
