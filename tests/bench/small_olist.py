"""A shop of twelve orders in Olist's own files, nearly all odd, and its figures counted by hand."""

import gzip
import json
from pathlib import Path

ORDERS = """order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,\
order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,c1,delivered,2017-01-01 10:00:00,2017-01-01 11:00:00,2017-01-02 11:00:00,2017-01-05 10:00:00,\
2017-01-10 00:00:00
o2,c2,delivered,2017-01-02 10:00:00,2017-01-02 10:30:00,2017-01-03 10:30:00,2017-01-12 12:00:00,\
2017-01-12 00:00:00
o3,c3,delivered,2017-01-03 10:00:00,2017-01-03 12:00:00,2017-01-03 11:00:00,2017-01-15 00:00:00,\
2017-01-12 00:00:00
o4,c4,delivered,2017-02-01 08:00:00,2017-02-01 09:00:00,2017-02-02 09:00:00,,2017-02-20 00:00:00
o5,c5,canceled,2017-02-02 10:00:00,2017-02-02 11:00:00,2017-02-04 11:00:00,2017-02-08 11:00:00,\
2017-02-20 00:00:00
o6,c6,unavailable,2017-02-03 10:00:00,2017-02-03 11:00:00,,,2017-02-20 00:00:00
o7,c7,created,2017-02-04 10:00:00,,,,2017-02-20 00:00:00
o8,c8,shipped,2017-02-05 10:00:00,2017-02-05 11:00:00,2017-02-07 11:00:00,,2017-02-20 00:00:00
o9,c9,processing,2017-02-06 10:00:00,2017-02-06 11:00:00,,,2017-02-20 00:00:00
o10,c10,delivered,2017-03-01 00:00:00,,,2017-03-03 00:00:00,2017-03-05 00:00:00
o11,c11,delivered,2017-03-02 00:00:00,2017-03-02 01:00:00,2017-03-03 01:00:00,2017-03-06 00:00:00,\
2017-03-06 00:00:00
o12,c12,delivered,2017-10-15 00:30:00,2017-10-15 00:30:00,2017-10-18 00:30:00,2017-10-17 00:30:00,\
2017-10-30 00:00:00
"""
ITEMS = """order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,pA,sX,2017-01-02 11:00:00,10.0,1.0
o1,2,pA,sX,2017-01-03 00:00:00,10.0,1.0
o2,1,pB,sX,2017-01-03 10:00:00,20.0,2.0
o3,1,pC,sY,2017-01-05 00:00:00,30.0,3.0
o4,1,pA,sX,2017-02-05 00:00:00,10.0,1.0
o5,1,pA,sY,2017-02-03 00:00:00,10.0,1.0
o9,1,pD,sX,2017-02-20 00:00:00,5.0,0.5
o10,1,pB,sX,2017-03-04 00:00:00,20.0,2.0
o11,1,pA,sX,2017-03-02 00:00:00,10.0,1.0
o11,2,pB,sY,2017-03-04 00:00:00,20.0,2.0
o12,1,pZ,sY,2017-10-20 00:00:00,7.25,0.75
"""
PAYMENTS = """order_id,payment_sequential,payment_type,payment_installments,payment_value
o1,1,credit_card,3,22.0
o2,1,boleto,1,22.0
o3,2,voucher,1,13.0
o3,1,credit_card,1,20.0
o4,1,credit_card,0,11.0
o5,1,boleto,1,11.0
o6,1,credit_card,2,50.0
o8,1,boleto,1,9.99
o9,1,not_defined,1,0.0
o10,1,debit_card,1,22.0
o11,1,credit_card,4,33.0
o12,1,voucher,1,8.01
"""
PEOPLE = {n: "u1" if n in (1, 4) else f"u{n}" for n in range(1, 13)}  # two orders are of one person
CUSTOMERS = (
    "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
    + "".join(
        f'c{n},{person},"0{n}","são paulo, centro",{"RJ" if n in (3, 11) else "SP"}\n'
        for n, person in PEOPLE.items()
    )
)
PRODUCTS = """product_id,product_category_name,product_name_lenght,product_weight_g,product_length_cm,\
product_height_cm,product_width_cm
"pA",beleza_saude,40,100,10,10,10
pB,informatica_acessorios,40,200,20,5,10
pC,,,300,10,10,30
pD,pc_gamer,40,,,,
"""
SELLERS = (
    'seller_id,seller_zip_code_prefix,seller_city,seller_state\n"sX",13023,campinas,SP\nsY,20000,rio,RJ\n'
)
NAMES = """product_category_name,product_category_name_english
beleza_saude,health_beauty
informatica_acessorios,computers_accessories
"""


def _hours(n: int, mean: float, median: float, p90: float, negative: int) -> dict[str, float]:
    return {"n": n, "mean": mean, "median": median, "p90": p90, "negative": negative}


TRUTH = {
    "orders": 12,
    "purchase_first": "2017-01-01 10:00:00",
    "purchase_last": "2017-10-15 00:30:00",
    "orders_by_status": {
        "delivered": 7,
        "canceled": 1,
        "unavailable": 1,
        "created": 1,
        "shipped": 1,
        "processing": 1,
    },
    "orders_by_month": {"2017-01": 3, "2017-02": 6, "2017-03": 2, "2017-10": 1},
    "cancellation_rate": 0.083333,
    "canceled_or_unavailable_rate": 0.166667,
    "delivered_with_date": 6,  # o4 has none
    "on_time_rate_timestamp": 0.666667,  # o2 and o3 are late
    "on_time_rate_calendar_day": 0.833333,  # o2 came on the day
    "late_orders_timestamp": 2,
    "late_orders_calendar_day": 1,
    "days_late_mean_among_late_timestamp": 1.75,  # 0.5 and 3
    "days_vs_estimate_median_all_delivered": -1.0,  # between -2 and 0
    "hours_purchase_to_approved": _hours(10, 0.95, 1.0, 1.1, 0),
    "hours_approved_to_carrier": _hours(8, 32.875, 24.0, 55.2, 1),
    "hours_carrier_to_customer": _hours(6, 118.0833, 83.5, 247.25, 1),
    "hours_purchase_to_customer": _hours(7, 136.1429, 96.0, 256.4, 0),
    "hours_purchase_to_customer_delivered_only": _hours(6, 134.6667, 96.0, 260.0, 0),
    "on_time_rate_by_purchase_month_timestamp": {"2017-01": 0.333333, "2017-03": 1.0, "2017-10": 1.0},
    "carrier_handover_on_time_rate": 0.714286,  # o2, o5 are late, of 7; o1, o11 by their later limit
    "carrier_handover_orders": 7,  # o8 has a date and no items
    "orders_with_items": 9,
    "order_item_rows": 11,
    "distinct_products_sold": 5,
    "distinct_sellers": 2,
    "items_per_order_mean": 1.222222,
    "share_orders_multi_item": 0.222222,
    "share_orders_multi_product": 0.111111,
    "share_orders_multi_seller": 0.111111,
    "orders_multi_seller": 1,
    "gmv_price_sum": 152.25,
    "freight_sum": 15.25,
    "freight_share_of_price_plus_freight": 0.091045,
    "aov_items_price": 16.9167,
    "aov_price_plus_freight": 18.6111,
    "aov_price_plus_freight_median": 22.0,
    "aov_payment": 20.1818,
    "payment_sum": 222.0,
    "payment_rows_by_type": {"credit_card": 5, "boleto": 3, "voucher": 2, "debit_card": 1, "not_defined": 1},
    "payment_value_by_type": {
        "boleto": 42.99,
        "credit_card": 136.0,
        "debit_card": 22.0,
        "not_defined": 0.0,
        "voucher": 21.01,
    },
    "credit_card_installments_mean": 2.0,
    "share_orders_multi_payment_rows": 0.090909,
    "share_orders_payment_equals_price_plus_freight_0.01": 0.888889,  # o12 by a cent, o9 not at all
    "top10_categories_by_revenue": [
        ["computers_accessories", 60.0],
        ["health_beauty", 50.0],
        ["unknown", 37.25],
        ["pc_gamer", 5.0],
    ],
    "top10_categories_by_items": [
        ["health_beauty", 5],
        ["computers_accessories", 3],
        ["unknown", 2],
        ["pc_gamer", 1],
    ],
    "distinct_customers": 11,
    "share_customers_with_2plus_orders": 0.090909,
    "orders_by_customer_state_top10": {"SP": 10, "RJ": 2},
    "late_rate_timestamp_by_state_top10": {"SP": 0.25, "RJ": 0.5},
    "sellers_with_30plus_delivered": 0,
    "worst5_sellers_30plus": [],
    "peak_day": ["2017-01-01", 1],
    "data_quality": {
        "orders_without_items": 3,
        "orders_without_payment": 1,
        "delivered_without_delivery_date": 1,
        "canceled_with_delivery_date": 1,
        "carrier_before_approved": 1,
        "customer_before_carrier": 1,
        "delivered_without_approved": 1,
        "payment_rows_value_zero": 1,
        "payment_rows_not_defined": 1,
        "credit_card_zero_installments": 1,
        "item_rows_with_product_missing_category": 2,
        "item_rows_with_missing_or_zero_dims_or_weight": 2,
    },
    "shipments_order_seller_pairs": 10,
    "order_weight_g": {"median": 200.0, "p90": 300.0, "max": 300.0},
    "order_volume_cm3": {"median": 1000.0, "p90": 2400.0, "max": 3000.0},
}


def written(folder: Path) -> Path:
    """The files: plain and gzipped, with and without a byte order mark, ended as on any system."""
    texts = {
        "olist_orders_dataset": ORDERS,
        "olist_order_items_dataset": ITEMS,
        "olist_order_payments_dataset": PAYMENTS,
        "olist_products_dataset": PRODUCTS,
        "olist_customers_dataset": CUSTOMERS,
    }
    for name, text in texts.items():
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "olist_sellers_dataset.csv").write_bytes(SELLERS.replace("\n", "\r\n").encode())
    (folder / "product_category_name_translation.csv").write_bytes(NAMES.encode("utf-8-sig"))
    truth = {"definitions": {"scope": "all"}, "hidden": TRUTH}
    (folder / "ground_truth_small.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder
