"""What every figure means. The console, the API, the command and docs/kpi.md all show this text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fold(StrEnum):
    """How the counted rows become one value."""

    COUNT = "count"  # how many rows
    SUM = "sum"  # of money, in each currency
    MEAN_MONEY = "mean_money"  # in each currency
    MEAN = "mean"
    HOURS = "hours"  # mean, with median and 90th percentile
    RATIO = "ratio"  # share of the weight
    RATIO_MONEY = "ratio_money"  # a ratio of two sums of money, in each currency
    NPS = "nps"


@dataclass(frozen=True, slots=True)
class Definition:
    """One KPI. `cohort` names the moment by which a row belongs to a day; for `window_days` behind the
    period the value is provisional. `rises` is good news, bad news, or neither (None)."""

    key: str
    title: str
    unit: str
    fold: Fold
    text: str
    formula: str
    cohort: str
    window_days: int
    source: str
    rows: str  # the facts that are counted: a name of queries.facts
    counts: str  # what one row is
    rises: bool | None = None


_OWN = "our own"
_ALL = (
    Definition(
        "orders", "Orders", "orders", Fold.COUNT,
        "Orders placed. Test orders, and orders cancelled before anything was paid, are not counted.",
        "number of orders", "the order was placed", 2, _OWN, "placed", "order",
    ),
    Definition(
        "sales", "Sales", "money", Fold.SUM,
        "Order totals with tax and shipping, as they were last told. Currencies are never added up: without "
        "a rate there is one figure for each.",
        "Σ order total", "the order was placed", 2, _OWN, "placed", "order", True,
    ),
    Definition(
        "average_order_value", "Average order value", "money", Fold.MEAN_MONEY,
        "Mean order total with tax and shipping, in each currency for itself.",
        "Σ order total ÷ orders", "the order was placed", 2, _OWN, "placed", "order", True,
    ),
    Definition(
        "cancellation_rate", "Cancelled", "ratio", Fold.RATIO,
        "Share of orders that were cancelled as a whole, by whomever. Orders cancelled before anything was "
        "paid are not counted at all.",
        "orders cancelled ÷ orders", "the order was placed", 14,
        "Amazon: cancellation rate, there of the seller's own cancels only", "cancelled", "order", False,
    ),
    Definition(
        "order_processing_hours", "Processing time", "hours", Fold.HOURS,
        "Hours from the moment an order was placed until its last parcel went to the carrier: gross, holds "
        "and closed hours included. An order shipped in part is counted when the rest has left.",
        "mean, median and 90th percentile of (last hand-over − placed)",
        "the last parcel was handed over", 2, "WERC internal order cycle time", "shipped", "order", False,
    ),
    Definition(
        "pick_hours", "Picking", "hours", Fold.HOURS,
        "Hours from the release of a shipment to the floor until the last of it was picked: gross, holds and "
        "closed hours included. A shipment is what one site sends of an order; counted are those with a "
        "timer.",
        "mean, median and 90th percentile of (last pick − release)", "the last of it was picked", 2,
        "WERC internal order cycle time, its parts", "picked", "shipment", False,
    ),
    Definition(
        "pack_hours", "Packing", "hours", Fold.HOURS,
        "Hours from the last pick of a shipment until its last parcel was closed, gross. What is opened "
        "again counts when it is closed anew.",
        "mean, median and 90th percentile of (last parcel closed − last pick)",
        "the last parcel was closed", 2, "WERC internal order cycle time, its parts", "packed", "shipment",
        False,
    ),
    Definition(
        "dispatch_hours", "Hand-over", "hours", Fold.HOURS,
        "Hours from the moment the last parcel of a shipment was closed until the carrier had all of it, "
        "gross.",
        "mean, median and 90th percentile of (last hand-over − last parcel closed)",
        "the last parcel was handed over", 2, "WERC internal order cycle time, its parts", "handed_over",
        "shipment", False,
    ),
    Definition(
        "order_cycle_hours", "Cycle time", "hours", Fold.HOURS,
        "Hours from the moment an order was placed until all of it was delivered.",
        "mean, median and 90th percentile of (last delivery − placed)",
        "the last parcel was delivered", 14, "SCOR RS.1.1 order fulfilment cycle time", "arrived", "order",
        False,
    ),
    Definition(
        "on_time_delivery_rate", "Delivered on time", "ratio", Fold.RATIO,
        "Share of orders delivered completely on or before the promised day of the receiver's calendar. The "
        "first promise counts. Counted when that day is over; what is not delivered by then is late. Orders "
        "cancelled before the day was over are not counted.",
        "orders delivered by their promised day ÷ orders promised for a day of the period",
        "the promised day", 14, "SCOR RL.2.2, to commit date", "due", "order", True,
    ),
    Definition(
        "on_time_delivery_rate_by_timestamp", "Delivered by the promised moment", "ratio", Fold.RATIO,
        "The same, to the second, for orders that were promised by a moment: a delivery on the promised day "
        "but behind that moment is late here.",
        "orders delivered by their promised moment ÷ orders promised by a moment of the period",
        "the promised moment", 14, "SCOR RL.2.2, to the moment", "due_by", "order", True,
    ),
    Definition(
        "on_time_dispatch_rate", "Dispatched on time", "ratio", Fold.RATIO,
        "Share of shipments that went to the carrier no later than the cut-off they were promised with. A "
        "shipment is what one site sends of an order. Counted when the cut-off has passed.",
        "shipments handed over by their cut-off ÷ shipments due", "the cut-off", 2,
        "WERC on-time shipment", "dispatch", "shipment", True,
    ),
    Definition(
        "fulfilment_accuracy", "Accuracy", "ratio", Fold.RATIO,
        "Share of shipped orders without an error: nothing wrong, missing or damaged was reported within 30 "
        "days of the last hand-over. Errors are read from the reasons of refunds. While no refund with a "
        "reason has ever been told, nothing is known of errors and there is no value.",
        "orders shipped without an error ÷ orders shipped", "the last parcel was handed over", 30,
        "WERC order picking accuracy, by order", "accurate", "order", True,
    ),
    Definition(
        "return_rate", "Return rate", "ratio", Fold.RATIO,
        "Units that came back ÷ units delivered, of the orders placed in the period. A unit that came back "
        "counts as delivered; parcels that came back undelivered are not returns. The three reasons that "
        "brought most units back are named.",
        "units returned ÷ units delivered", "the order was placed", 60,
        "Flipkart: customer returns ÷ units delivered", "returned", "order", False,
    ),
    Definition(
        "perfect_order_rate", "Perfect orders", "ratio", Fold.RATIO,
        "Share of orders due that were perfect in everything: nothing taken off, delivered on the promised "
        "day, and no error reported. What cannot be known yet is named as unchecked.",
        "orders in full and on time and without an error ÷ orders promised for a day of the period",
        "the promised day", 30, "SCOR RL.1.1, counted and not multiplied", "perfect", "order", True,
    ),
    Definition(
        "inventory_turnover", "Turnover", "turns a year", Fold.RATIO_MONEY,
        "Cost of what went to customers ÷ mean of the daily closing stock at cost, for a whole year. Costs "
        "are today's; SKUs without a cost are left out and counted apart.",
        "Σ cost of units sold ÷ mean daily stock at cost × 365 ÷ days", "the movement", 2,
        "standard accounting ratio", "turnover", "SKU", True,
    ),
    Definition(
        "aging_stock_share", "Ageing stock", "ratio", Fold.RATIO_MONEY,
        "Share of the stock's value, at cost, that has lain for more than 90 days at the end of the period. "
        "What came first is taken to leave first.",
        "value older than 90 days ÷ value", "the end of the period", 2, "ERPNext stock ageing: FIFO layers",
        "ageing", "SKU", False,
    ),
    Definition(
        "csat", "Satisfied", "ratio", Fold.RATIO,
        "Share of ratings that were 4 or 5 of 5.", "ratings of 4 or 5 ÷ ratings", "the rating was given", 2,
        "common standard", "csat", "rating", True,
    ),
    Definition(
        "csat_mean", "Satisfaction", "points of 5", Fold.MEAN,
        "Mean rating from 1 to 5.", "Σ ratings ÷ ratings", "the rating was given", 2, "common standard",
        "rated", "rating", True,
    ),
    Definition(
        "nps", "NPS", "points", Fold.NPS,
        "Net promoter score from −100 to 100: percent who answered 9 or 10 less percent who answered 0 to 6.",
        "(promoters − detractors) ÷ answers × 100", "the answer was given", 2, "Bain, Reichheld", "nps",
        "answer", True,
    ),
)  # fmt: skip

KPIS: Mapping[str, Definition] = {one.key: one for one in _ALL}
EXCLUDED = "Test orders and orders cancelled before anything was paid are never counted."
