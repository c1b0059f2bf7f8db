"""Papers: labels, packing slips, pick lists; made when asked for, out of what is stored."""

from quartermaster.shipping.queries.papers.customs import customs_pdf, postal_form_pdf
from quartermaster.shipping.queries.papers.labels import NothingToPrint, label_pdf, label_zpl, labels_pdf
from quartermaster.shipping.queries.papers.pick_lists import pick_list_pdf, pick_list_zpl
from quartermaster.shipping.queries.papers.slips import slip_pdf

__all__ = [
    "NothingToPrint",
    "customs_pdf",
    "label_pdf",
    "label_zpl",
    "labels_pdf",
    "pick_list_pdf",
    "pick_list_zpl",
    "postal_form_pdf",
    "slip_pdf",
]
