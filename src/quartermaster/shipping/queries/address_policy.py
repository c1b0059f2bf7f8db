"""Whether carriers are asked about the addresses of orders by themselves."""

import msgspec

from quartermaster.core.queries.setting import setting

KEY = "shipping.addresses"


class AddressPolicy(msgspec.Struct, frozen=True):
    """countries: only orders that go there; empty: all. Off until somebody switches it on: some carriers
    charge for each answer."""

    is_on: bool = False
    countries: tuple[str, ...] = ()


def address_policy() -> AddressPolicy:
    found = setting(KEY)
    return AddressPolicy() if found is None else msgspec.convert(found, AddressPolicy, strict=False)
