"""The carton of the catalogue and the scale, when a parcel is closed."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.events import WeightAccepted
from quartermaster.warehouse.actions.parcels import Closing
from quartermaster.warehouse.queries.packaging import inserts_g, packaging_in_force, packed_in
from quartermaster.warehouse.rules.scale import doubt


class WeightOff(Refused):
    code = "weight-off"
    message = "P-{parcel_id} weighs {measured} g, it should weigh {expected} g (± {tolerance} g){cause}."
    remedy = "Look into the parcel and weigh it again, or have somebody who may close it with a reason."


def weighed(closing: Closing, *, because: str, at: datetime, by: str) -> Closing:
    """The parcel with the outside of its carton, where the catalogue has it and nobody measured. Raises
    WeightOff when the scale says something else than the units and the carton weigh together; with `because`
    it is closed nevertheless, and that is recorded."""
    packaging = packaging_in_force().packaging
    carton = packaging.carton(closing.carton)
    if carton is None:
        return closing
    sql.run("update warehouse_parcel set tare_g = %s where id = %s", (carton.tare_g, closing.id))
    if closing.weight_g is not None:
        found = doubt(
            packed_in(closing.id), carton.tare_g + inserts_g(closing.id), closing.weight_g, packaging
        )
        if found is not None and not because.strip():
            raise WeightOff(
                parcel_id=closing.id,
                measured=f"{closing.weight_g:,}",
                expected=f"{found.expected_g:,}",
                tolerance=f"{found.tolerance_g:,}",
                cause=f": {found.cause}" if found.cause else "",
            )
        if found is not None:
            emit(
                [
                    WeightAccepted(
                        subject=f"order:SO-{closing.order_id}",
                        at=at,
                        actor=by,
                        order_id=closing.order_id,
                        parcel_id=closing.id,
                        expected_g=found.expected_g,
                        measured_g=closing.weight_g,
                        because=because.strip(),
                    )
                ]
            )
    if closing.length_mm is None:
        length, width, height = carton.outer_mm
        return closing._replace(length_mm=length, width_mm=width, height_mm=height)
    return closing
