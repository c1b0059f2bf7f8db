from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quartermaster.core.errors import NotFound
from quartermaster.core.models import EventRow
from quartermaster.customers.actions import merge, unmerge
from quartermaster.customers.actions.merge import AlreadyMerged, NotMerged, SameCustomer
from quartermaster.customers.models import Customer, Merge
from quartermaster.customers.queries import same_person

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def customers(count: int) -> list[int]:
    return [Customer.objects.create(merge_key=f"acme:customer:{n}").pk for n in range(count)]


def joined(one: int, other: int) -> Merge:
    return merge(customer_id=one, into_id=other, because="same phone", at=AT, by="user:3")


def parted(one: int) -> Merge:
    return unmerge(customer_id=one, at=AT, by="user:3")


@pytest.mark.django_db
def test_merged_customers_are_one_person_and_the_survivor_is_named_first():
    ann, anne, bob = customers(3)
    joined(anne, ann)
    assert same_person([anne, bob]) == {anne: [ann, anne], bob: [bob]}


@pytest.mark.django_db
def test_a_merge_says_who_why_and_when_and_stays_in_the_history_when_undone():
    ann, anne = customers(2)
    joined(anne, ann)
    parted(anne)
    kept = Merge.objects.get()
    assert (kept.because, kept.merged_by, kept.unmerged_by) == ("same phone", "user:3", "user:3")
    assert list(EventRow.objects.order_by("id").values_list("name", flat=True)) == [
        "CustomersMerged",
        "CustomersUnmerged",
    ]
    assert same_person([anne]) == {anne: [anne]}


@pytest.mark.django_db
def test_who_was_merged_before_moves_along_and_comes_back():
    ann, anne, anna = customers(3)
    joined(anne, ann)
    joined(ann, anna)
    assert same_person([anne]) == {anne: [anna, ann, anne]}
    parted(ann)
    assert same_person([anne]) == {anne: [ann, anne]}


@pytest.mark.django_db
def test_impossible_merges_are_refused_with_what_to_do():
    ann, anne, bob = customers(3)
    with pytest.raises(SameCustomer):
        joined(ann, ann)
    with pytest.raises(NotFound):
        joined(ann, 10**9)
    with pytest.raises(NotMerged):
        parted(ann)
    joined(anne, ann)
    with pytest.raises(AlreadyMerged, match=f"into customer {ann}") as refused:
        joined(bob, anne)
    assert refused.value.remedy.startswith(f"Merge customer {ann}")


class Histories(TestCase):
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
    def test_undoing_all_merges_in_any_order_frees_everybody(self, pairs):
        known = customers(5)
        for one, other in pairs:
            try:
                joined(known[one], known[other])
            except (SameCustomer, AlreadyMerged):
                continue
            assert not Customer.objects.filter(merged_into__merged_into__isnull=False).exists()
        for merged in Merge.objects.filter(unmerged_at=None).order_by("customer_id"):
            parted(merged.customer_id)
        assert not Customer.objects.exclude(merged_into=None).exists()
