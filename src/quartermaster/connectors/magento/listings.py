"""What a Magento shop offers: simple and virtual products, of which configurables and bundles are made."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from quartermaster.channels.ports import Content, Count, Listed, Listing, Price, Taken
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.magento.client import API, caller_of
from quartermaster.connectors.magento.translate import asking, goods
from quartermaster.connectors.magento.translate.asking import Filter
from quartermaster.connectors.picked import text
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, Invalid, Missing, NotDone, RefusedOutside, Unclear

ROWS_MAX = 50  # their SKUs stand in an address, and no server takes a very long one
PRODUCTS_MAX = 12  # a call for each that is told what it says
_OFFERED = (Filter("type_id", "in", ",".join(goods.TYPES)),)


class MagentoListings:
    rows_max = ROWS_MAX
    content_fields = goods.FIELDS
    shows_was = True

    def listings(self, *, account: Account, cursor: str) -> Listed:
        """By their ids, from the last one of the page before: nobody is pushed over the edge of a page."""
        caller = caller_of(account)
        after = (Filter("entity_id", "gt", cursor or "0"),)
        answer = caller.look(f"{API}/products", params=asking.criteria(_OFFERED, after, size=ROWS_MAX))
        if "total_count" not in answer:
            raise NotDone(f"Magento gave no list of products: {asking.complaint(answer).because}")
        products = asking.found(answer)
        is_last = not products or asking.is_last(answer, 1, ROWS_MAX)
        found = self._shown(caller, account, products)
        return Listed(found, "" if is_last else text(products[-1].get("id")))

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        caller = caller_of(account)
        return self._shown(caller, account, list(self._products(caller, names).values()))

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        caller = caller_of(account)
        products = self._products(caller, [count.listing for count in counts])
        written = [count for count in counts if count.listing in products]
        if not written:
            return tuple(Taken(count.listing, "missing") for count in counts)
        skus = [count.listing for count in written]
        source = account.settings.get("source_code", "") or "default"
        of_source = (Filter("source_code", "eq", source),)
        there = self._search(caller, "/inventory/source-items", asking.any_of("sku", skus), of_source)
        asked = goods.source_items(written, goods.lying(there), self._salable(caller, account, skus), source)
        try:
            answer = caller.change_any("POST", f"{API}/inventory/source-items", asked)
        except Invalid as refusal:  # none of them was written
            refused = {sku: Taken(sku, "refused", str(refusal)) for sku in skus}
            return _in_order(counts, refused)
        if answer not in ([], None):
            raise Unclear("Magento did not say that it took the counts")
        return _in_order(counts, self._read_back(caller, account, written))

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        caller = caller_of(account)
        currency = currency_of(caller)
        taken = {price.listing: not_in(price, currency) for price in prices if price.currency != currency}
        written = [price for price in prices if price.listing not in taken]
        if written:
            taken |= self._priced(caller, written, currency)
        if done := [price for price in written if taken[price.listing].state == "taken"]:
            self._reduced(caller, done)
        return _in_order(prices, taken)

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        """A call for each product: those that are there, for one that is not would be made."""
        caller = caller_of(account)
        shop = _store(caller)
        products = self._products(caller, [row.listing for row in contents])
        known = [row for row in contents if row.listing in products]
        taken = {
            row.listing: Taken(row.listing, "refused", because)
            for row in known
            if (because := goods.refusal(row, shop))
        }
        due = [row for row in known if row.listing not in taken]
        taken |= {row.listing: Taken(row.listing, "later", "one product at a time") for row in due}
        for n, row in enumerate(due[:PRODUCTS_MAX]):
            try:
                taken[row.listing] = _content_taken(caller, row, shop)
            except NotDone:
                if n == 0:
                    raise
                break  # what was written stays written; the rest is for later
        return _in_order(contents, taken)

    def _reduced(self, caller: Caller, prices: Sequence[Price]) -> None:
        """What it costs is a special price beside the one it was before, or there is none. Raises Unclear:
        the price itself is written by now."""
        try:
            there = self._products(caller, [price.listing for price in prices])
            for path, rows in goods.special_prices(prices, there).items():
                answer = caller.change_any("POST", f"{API}/products/{path}", {"prices": rows}) if rows else []
                if answer != []:
                    because = asking.complaint({"errors": answer}).because[:300]
                    raise Unclear(f"Magento did not take every special price: {because}")
        except (NotDone, RefusedOutside) as trouble:
            raise Unclear(
                f"Of prices and what they were before only one came through: {trouble}"
            ) from trouble

    def _priced(self, caller: Caller, prices: Sequence[Price], currency: str) -> dict[str, Taken]:
        """Magento names what it did not take by values, not by rows: then the prices are read back."""
        failed = caller.change_any("POST", f"{API}/products/base-prices", goods.base_prices(prices))
        if not isinstance(failed, list):
            raise Unclear("Magento did not say which prices it took")
        if not failed:
            return {price.listing: Taken(price.listing, "taken") for price in prices}
        because = asking.complaint({"errors": failed}).because[:300]
        asked = {"skus": [price.listing for price in prices]}
        try:
            rows = caller.ask_all(f"{API}/products/base-prices-information", asked)
        except (NotDone, RefusedOutside) as trouble:
            raise Unclear(f"Magento took some of the prices: {because}") from trouble
        have = goods.prices(rows, currency)
        return {price.listing: _price_taken(price, have, because) for price in prices}

    def _read_back(self, caller: Caller, account: Account, counts: Sequence[Count]) -> dict[str, Taken]:
        """What is salable now. They were written: where the index is behind, they are accepted."""
        try:
            has = self._salable(caller, account, [count.listing for count in counts])
        except (NotDone, RefusedOutside):
            has = {}
        return {
            count.listing: Taken(
                count.listing,
                "taken" if has.get(count.listing) == count.quantity else "accepted",
                quantity=has.get(count.listing),
            )
            for count in counts
        }

    def _shown(
        self, caller: Caller, account: Account, products: Sequence[dict[str, object]]
    ) -> tuple[Listing, ...]:
        if not products:
            return ()
        salable = self._salable(caller, account, [text(each.get("sku")) for each in products])
        shop = _store(caller)
        today = now().date()
        return tuple(goods.listing(product, salable, shop, today) for product in products)

    def _products(self, caller: Caller, names: Sequence[str]) -> dict[str, dict[str, object]]:
        """Those there are, by SKU. Magento takes counts of SKUs it never heard of without a word."""
        if not names:
            return {}
        found = self._search(caller, "/products", _OFFERED, asking.any_of("sku", names))
        wanted = set(names)  # SKUs that differ in their case alone are found too
        return {sku: product for product in found if (sku := text(product.get("sku"))) in wanted}

    def _salable(self, caller: Caller, account: Account, skus: Sequence[str]) -> dict[str, int]:
        website = account.settings.get("website", "") or "base"
        path = f"/inventory/export-stock-salable-qty/website/{website}"
        return goods.quantities(self._search(caller, path, asking.any_of("sku", skus)))

    def _search(self, caller: Caller, path: str, *groups: Sequence[Filter]) -> list[dict[str, object]]:
        """One page, which holds as many as are asked for by name."""
        sort = () if path.startswith("/inventory") else ("entity_id",)
        answer = caller.look(f"{API}{path}", params=asking.criteria(*groups, sort=sort, size=ROWS_MAX))
        if not isinstance(answer.get("items"), list):
            raise NotDone(f"Magento gave no list: {asking.complaint(answer).because}")
        return asking.found(answer)


def _content_taken(caller: Caller, row: Content, shop: goods.Store) -> Taken:
    path = f"{API}/products/{quote(row.listing, safe='')}"
    try:
        answer = caller.change("PUT", path, goods.told(row, shop))
    except Missing as gone:
        return Taken(row.listing, "missing", str(gone))
    except RefusedOutside as refusal:
        return Taken(row.listing, "refused", str(refusal))
    if text(answer.get("sku")) != row.listing:
        raise Unclear(f"Magento does not say that it changed {row.listing}")
    if not goods.says(row, answer, shop):
        return Taken(row.listing, "refused", "Magento took it and kept something else")
    return Taken(row.listing, "taken")


def _store(caller: Caller) -> goods.Store:
    configs, _ = caller.listed(f"{API}/store/storeConfigs")
    return goods.store(configs)


def currency_of(caller: Caller) -> str:
    """That of its prices; "" where websites have several."""
    return _store(caller).currency


def not_in(price: Price, currency: str) -> Taken:
    return Taken(price.listing, "refused", f"The shop's prices are in {currency or 'several'}")


def _price_taken(price: Price, have: Mapping[str, int], because: str) -> Taken:
    if price.listing not in have:
        return Taken(price.listing, "missing")
    is_so = have[price.listing] == goods.regular(price)
    return Taken(price.listing, "taken") if is_so else Taken(price.listing, "refused", because)


def _in_order(
    rows: Sequence[Count] | Sequence[Price] | Sequence[Content], taken: Mapping[str, Taken]
) -> tuple[Taken, ...]:
    """One answer for each row; what has none is not there."""
    return tuple(taken.get(row.listing) or Taken(row.listing, "missing") for row in rows)
