from hypothesis import given
from hypothesis import strategies as st

from quartermaster.catalog.rules import rows, skus


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in rows.COLUMNS}))
def test_any_row_is_a_sku_or_says_why_not(cells: dict[str, str]):
    read = rows.product(cells)
    errors = {**skus.errors_in(read.draft.code, skus.after(skus.NEW, read.draft)), **read.errors}
    assert all(isinstance(what, str) and what for what in errors.values())
