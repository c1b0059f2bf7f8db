"""Every figure of the truth as one statement over the tables of bench.olist.scope, with one value for answer.

The names are those of the truth file, and so are the definitions.
"""

from typing import Final, NamedTuple


class Figure(NamedTuple):
    """decimals: to how many it is compared, at least."""

    decimals: int
    query: str


def _share(what: str, of: str) -> Figure:
    return Figure(6, f"select count(*) filter (where {what})::numeric / nullif(count(*), 0) from {of}")


def _count(query: str) -> Figure:
    return Figure(0, f"select count(*) from {query}")


def _by(key: str, value: str, of: str, decimals: int = 0, most: int | None = None) -> Figure:
    top = f" order by v desc, k limit {most}" if most else ""
    inner = f"select {key} as k, {value} as v from {of} group by 1{top}"
    return Figure(decimals, f"select coalesce(jsonb_object_agg(k, v), '{{}}') from ({inner}) x")


def _hours(start: str, end: str, of: str = "o") -> Figure:
    hours = f"extract(epoch from {end} - {start}) / 3600"
    return Figure(
        4,
        f"""select jsonb_build_object('n', count(h), 'mean', avg(h),
          'median', percentile_cont(0.5) within group (order by h),
          'p90', percentile_cont(0.9) within group (order by h), 'negative', count(*) filter (where h < 0))
        from (select {hours} as h from {of}) x where h is not null""",
    )


def _quantities(of: str) -> Figure:
    return Figure(
        1,
        f"""select jsonb_build_object('median', percentile_cont(0.5) within group (order by v),
          'p90', percentile_cont(0.9) within group (order by v), 'max', max(v)) from ({of}) x""",
    )


_MONTH: Final = "to_char(placed, 'YYYY-MM')"
_LATE: Final = "customer > estimate"
_DAYS: Final = "extract(epoch from customer - estimate) / 86400"
# per order with items: rows, products, price, freight
_ITEMS: Final = """(select order_id, count(*) as n, count(distinct code) as products, sum(price) as price,
  sum(price + freight) as whole from l group by order_id) i"""
_PAID: Final = "(select order_id, count(*) as n, sum(amount) as paid from t group by order_id) p"
_SELLERS: Final = "(select order_id, count(distinct seller) as n from pair group by order_id) s"
_CATEGORY: Final = "coalesce(category, 'unknown')"
_SELLER: Final = """(select seller, count(*) as n, count(*) filter (where customer > estimate) as late,
  (count(*) filter (where customer > estimate))::numeric / count(*) as rate
  from pair join d on d.id = pair.order_id group by seller having count(*) >= 30) s"""
_MEASURED: Final = "coalesce(weight_g, 0) > 0 and coalesce(least(length_mm, width_mm, height_mm), 0) > 0"
_LATE_BY_STATE: Final = f"""select jsonb_object_agg(state, rate) from (
  select d.state, (count(*) filter (where {_LATE}))::numeric / count(*) as rate from d group by d.state) x
  join (select state, count(*) as n from o group by state order by n desc, state limit 10) top
  using (state)"""

FIGURES: Final[dict[str, Figure]] = {
    "orders": _count("o"),
    "purchase_first": Figure(0, "select to_char(min(placed), 'YYYY-MM-DD HH24:MI:SS') from o"),
    "purchase_last": Figure(0, "select to_char(max(placed), 'YYYY-MM-DD HH24:MI:SS') from o"),
    "orders_by_status": _by("told", "count(*)", "o"),
    "orders_by_month": _by(_MONTH, "count(*)", "o"),
    "cancellation_rate": _share("told = 'canceled'", "o"),
    "canceled_or_unavailable_rate": _share("told in ('canceled', 'unavailable')", "o"),
    "delivered_with_date": _count("d"),
    "on_time_rate_timestamp": _share("customer <= estimate", "d"),
    "on_time_rate_calendar_day": _share("customer::date <= promised_on", "d"),
    "late_orders_timestamp": _count(f"d where {_LATE}"),
    "late_orders_calendar_day": _count("d where customer::date > promised_on"),
    "days_late_mean_among_late_timestamp": Figure(4, f"select avg({_DAYS}) from d where {_LATE}"),
    "days_vs_estimate_median_all_delivered": Figure(
        4, f"select percentile_cont(0.5) within group (order by {_DAYS}) from d"
    ),
    "hours_purchase_to_approved": _hours("placed", "approved"),
    "hours_approved_to_carrier": _hours("approved", "carrier"),
    "hours_carrier_to_customer": _hours("carrier", "customer"),
    "hours_purchase_to_customer": _hours("placed", "customer"),
    "hours_purchase_to_customer_delivered_only": _hours("placed", "customer", "d"),
    "hours_purchase_to_approved_delivered_only": _hours("placed", "approved", "d"),
    "hours_approved_to_carrier_delivered_only": _hours("approved", "carrier", "d"),
    "hours_carrier_to_customer_delivered_only": _hours("carrier", "customer", "d"),
    "on_time_rate_by_purchase_month_timestamp": _by(
        _MONTH, "(count(*) filter (where customer <= estimate))::numeric / count(*)", "d", 6
    ),
    "on_time_rate_by_purchase_month_calendar_day": _by(
        _MONTH, "(count(*) filter (where customer::date <= promised_on))::numeric / count(*)", "d", 6
    ),
    "carrier_handover_on_time_rate": _share(
        "carrier <= ship_by", "o where carrier is not null and ship_by is not null"
    ),
    "carrier_handover_orders": _count("o where carrier is not null and ship_by is not null"),
    "orders_with_items": _count(_ITEMS),
    "order_item_rows": _count("l"),
    "distinct_products_sold": Figure(0, "select count(distinct code) from l"),
    "distinct_sellers": Figure(0, "select count(distinct seller) from pair"),
    "items_per_order_mean": Figure(6, f"select avg(n) from {_ITEMS}"),
    "share_orders_multi_item": _share("n >= 2", _ITEMS),
    "share_orders_multi_product": _share("products >= 2", _ITEMS),
    "share_orders_multi_seller": _share("n >= 2", _SELLERS),
    "orders_multi_seller": _count(f"{_SELLERS} where n >= 2"),
    "gmv_price_sum": Figure(2, "select sum(price) / 100.0 from l"),
    "freight_sum": Figure(2, "select sum(freight) / 100.0 from l"),
    "freight_share_of_price_plus_freight": Figure(6, "select sum(freight) / sum(price + freight) from l"),
    "aov_items_price": Figure(4, f"select avg(price) / 100 from {_ITEMS}"),
    "aov_price_plus_freight": Figure(4, f"select avg(whole) / 100 from {_ITEMS}"),
    "aov_price_plus_freight_median": Figure(
        2, f"select percentile_cont(0.5) within group (order by whole) / 100 from {_ITEMS}"
    ),
    "aov_payment": Figure(4, f"select avg(paid) / 100 from {_PAID}"),
    "payment_sum": Figure(2, "select sum(amount) / 100.0 from t"),
    "payment_rows_by_type": _by("gateway", "count(*)", "t"),
    "payment_value_by_type": _by("gateway", "sum(amount) / 100.0", "t", 2),
    "credit_card_installments_mean": Figure(
        6, "select avg(installments) from t where gateway = 'credit_card'"
    ),
    "share_orders_multi_payment_rows": _share("n >= 2", _PAID),
    "share_orders_payment_equals_price_plus_freight_0.01": _share(
        "abs(paid - whole) <= 1", f"{_ITEMS} join {_PAID} using (order_id)"
    ),
    "categories_by_revenue": _by(_CATEGORY, "sum(price) / 100.0", "l", 2),
    "categories_by_items": _by(_CATEGORY, "count(*)", "l"),
    "distinct_customers": Figure(0, "select count(distinct customer_id) from o"),
    "share_customers_with_2plus_orders": _share(
        "n >= 2", "(select customer_id, count(*) as n from o group by customer_id) c"
    ),
    "orders_by_customer_state": _by("state", "count(*)", "o"),
    "late_rate_timestamp_by_state_top10": Figure(6, _LATE_BY_STATE),
    "sellers_with_30plus_delivered": _count(_SELLER),
    "sellers_30plus": Figure(
        6, f"select jsonb_object_agg(seller, jsonb_build_array(n, late, rate)) from {_SELLER}"
    ),
    "seller_late_rates_30plus": Figure(6, f"select jsonb_agg(rate order by rate) from {_SELLER}"),
    "orders_by_day": _by("placed::date", "count(*)", "o"),
    "shipments_order_seller_pairs": _count("pair"),
    "order_weight_g": _quantities(
        f"select sum(weight_g * ordered) as v from l where {_MEASURED} group by order_id"
    ),
    "order_volume_cm3": _quantities(
        "select sum(length_mm::numeric * width_mm * height_mm * ordered) / 1000 as v "
        f"from l where {_MEASURED} group by order_id"
    ),
}
QUALITY: Final[dict[str, Figure]] = {
    "orders_without_items": _count("o where not exists (select from l where l.order_id = o.id)"),
    "orders_without_payment": _count("o where not exists (select from t where t.order_id = o.id)"),
    "delivered_without_delivery_date": _count("o where told = 'delivered' and customer is null"),
    "canceled_with_delivery_date": _count("o where told = 'canceled' and customer is not null"),
    "carrier_before_approved": _count("o where carrier < approved"),
    "customer_before_carrier": _count("o where customer < carrier"),
    "delivered_without_approved": _count("o where told = 'delivered' and approved is null"),
    "payment_rows_value_zero": _count("t where amount = 0"),
    "payment_rows_not_defined": _count("t where gateway = 'not_defined'"),
    "credit_card_zero_installments": _count("t where gateway = 'credit_card' and installments = 0"),
    "item_rows_with_product_missing_category": _count("l where category is null"),
    "item_rows_with_missing_or_zero_dims_or_weight": _count(f"l where not ({_MEASURED})"),
}
