"""Two customers are one person, says a person; and can take it back."""

from datetime import datetime

from django.db import transaction

from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.customers.models import Customer, Merge
from quartermaster.events import CustomersMerged, CustomersUnmerged


class SameCustomer(Refused):
    code = "same-customer"
    status = 422
    message = "Customer {customer_id} cannot be merged into itself."
    remedy = "Choose two different customers."


class AlreadyMerged(Refused):
    code = "already-merged"
    message = "Customer {customer_id} is merged into customer {into_id} already."
    remedy = "Merge customer {into_id} instead, or undo that merge first."


class NotMerged(Refused):
    code = "not-merged"
    message = "Customer {customer_id} is not merged into another."
    remedy = "Nothing needs to be undone."


@transaction.atomic
def merge(*, customer_id: int, into_id: int, because: str, at: datetime, by: str) -> Merge:
    """Treat the customer as one with another from now on; whoever was merged into it moves along.

    Raises SameCustomer, AlreadyMerged, NotFound. Orders and addresses stay where they are: readers follow.
    """
    if customer_id == into_id:
        raise SameCustomer(customer_id=customer_id)
    customer, into = _locked(customer_id, into_id)
    for one in (customer, into):
        if one.merged_into_id is not None:
            raise AlreadyMerged(customer_id=one.pk, into_id=one.merged_into_id)
    along = Customer.objects.select_for_update(no_key=True).filter(merged_into=customer)
    moved = sorted(along.values_list("id", flat=True))
    Customer.objects.filter(id__in=[customer.pk, *moved]).update(merged_into=into)
    done = Merge.objects.create(
        customer=customer, into=into, moved=moved, because=because, merged_at=at, merged_by=by
    )
    emit([
        CustomersMerged(
            subject=f"customer:{customer.pk}", at=at, actor=by,
            customer_id=customer.pk, into_id=into.pk, because=because,
        )
    ])  # fmt: skip
    return done


@transaction.atomic
def unmerge(*, customer_id: int, at: datetime, by: str) -> Merge:
    """Undo the merge of this customer: it stands for itself again, with whoever it had brought along.

    Raises NotMerged, NotFound.
    """
    (customer,) = _locked(customer_id)
    undone = Merge.objects.select_for_update().filter(customer=customer, unmerged_at=None).first()
    if undone is None:
        raise NotMerged(customer_id=customer_id)
    # Whoever has been unmerged on their own since stays free.
    Customer.objects.filter(id__in=undone.moved, merged_into=customer.merged_into_id).update(
        merged_into=customer
    )
    customer.merged_into = None
    customer.save(update_fields=["merged_into"])
    undone.unmerged_at, undone.unmerged_by = at, by
    undone.save(update_fields=["unmerged_at", "unmerged_by"])
    emit([
        CustomersUnmerged(
            subject=f"customer:{customer.pk}", at=at, actor=by,
            customer_id=customer.pk, into_id=undone.into_id,
        )
    ])  # fmt: skip
    return undone


def _locked(*ids: int) -> list[Customer]:
    """The customers in the order asked for, locked in the order of their ids."""
    rows = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(id__in=ids).order_by("id")
    found = {row.pk: row for row in rows}
    for id in ids:
        if id not in found:
            raise NotFound(what="customer", which=id)
    return [found[id] for id in ids]
