"""Barcodes leave a SKU; they come with `save_skus`."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from quartermaster.catalog.actions.outcomes import lock
from quartermaster.catalog.models import Barcode, Sku
from quartermaster.core.errors import NotFound
from quartermaster.core.events import emit
from quartermaster.events import SkuChanged


@transaction.atomic
def remove_barcode(code: str, *, at: datetime, by: str) -> None:
    """Forget a barcode: it may be given to another SKU then. Raises NotFound."""
    lock()
    barcode = Barcode.objects.select_related("sku").filter(code=code).first()
    if barcode is None:
        raise NotFound(what="barcode", which=code)
    before = dict(Barcode.objects.filter(sku=barcode.sku).values_list("code", "pack_quantity"))
    barcode.delete()
    Sku.objects.filter(pk=barcode.sku_id).update(version=F("version") + 1)
    after = {other: quantity for other, quantity in before.items() if other != code}
    emit([
        SkuChanged(
            subject=f"sku:{barcode.sku.code}", at=at, actor=by,
            sku_id=barcode.sku_id, changed={"barcodes": (before, after)},
        )
    ])  # fmt: skip
