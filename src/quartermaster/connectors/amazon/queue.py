"""The seller's queue at AWS (SQS), to which Amazon sends what changed.

A message says that an order changed, and only a little of what: the order is looked up by its number, which
Amazon answers at once, while its lists are minutes behind.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference, read 2026-11-23.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from quartermaster.channels.ports import Change, Waiting
from quartermaster.connectors.amazon import sigv4
from quartermaster.connectors.amazon.marketplaces import chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import credentials, telling
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside

TOPIC: Final = "notification"
AT_ONCE: Final = 10  # SQS hands out no more
HIDDEN_S: Final = 60  # so long nobody else gets them
_KIND: Final = "application/x-amz-json-1.0"
_ORDERS: Final = "/orders/2026-01-01/orders"
_HOST: Final = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", re.ASCII)
_PLACE: Final = re.compile(r"/(\d{12})/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)", re.ASCII)
_ELSEWHERE: Final = "us-east-1"  # the region of a server that is not theirs

type Json = Mapping[str, object]


class Place(NamedTuple):
    url: str
    server: str
    region: str
    owner: str
    name: str


class AmazonQueue:
    needs = ("queue_url", "aws_key_id", "aws_secret")

    def waiting(self, *, account: Account) -> tuple[Waiting, ...]:
        """A message whose order cannot be looked up now is left where it is, and comes again."""
        wanted = {"MaxNumberOfMessages": AT_ONCE, "WaitTimeSeconds": 1, "VisibilityTimeout": HIDDEN_S}
        found = objects(_asked(account, "ReceiveMessage", wanted).get("Messages"))
        about = {text(one.get("ReceiptHandle")): _order_of(text(one.get("Body")), account) for one in found}
        orders = _looked_up(account, dict.fromkeys(name for name in about.values() if name))
        told = []
        for one in found:
            receipt = text(one.get("ReceiptHandle"))
            order = about[receipt]
            if order and order not in orders:
                continue
            change = orders.get(order)
            said = text(one.get("Body"))
            body = credentials.without_secret(said.encode("utf-8", "surrogatepass"))
            ends = credentials.key_ends(said, account.settings.get("client_id", ""))
            name, looked_up = text(one.get("MessageId")), (change,) if change else ()
            told.append(Waiting(name, TOPIC, body, receipt, looked_up, ends))
        return tuple(told)

    def kept(self, *, account: Account, receipts: Sequence[str]) -> None:
        """One that cannot be deleted comes again, and is known."""
        for start in range(0, len(receipts), AT_ONCE):
            some = receipts[start : start + AT_ONCE]
            entries = [{"Id": str(n), "ReceiptHandle": one} for n, one in enumerate(some)]
            _asked(account, "DeleteMessageBatch", {"Entries": entries})


def arn(account: Account) -> str:
    """The name of the queue as subscriptions have it; "" where none is set. Raises NotDone for an address
    that is none of a queue."""
    if not account.settings.get("queue_url", "").strip():
        return ""
    place = _place(account)
    return f"arn:aws:sqs:{place.region}:{place.owner}:{place.name}"


def _place(account: Account) -> Place:
    url = account.settings.get("queue_url", "").strip()
    parts = urlsplit(url)
    named, host = _PLACE.fullmatch(parts.path), _HOST.fullmatch(parts.hostname or "")
    if named is None or (host is None and not account.settings.get("api_url")):
        raise NotDone(f"{url[:120]!r} is no address of a queue of SQS: no key is used there")
    region = host[1] if host else _ELSEWHERE
    return Place(url, f"{parts.scheme}://{parts.netloc}", region, named[1], named[2])


def _asked(account: Account, action: str, wanted: Json) -> dict[str, object]:
    """Nothing that is asked of a queue is unclear: what was not heard comes again."""
    place, key_id = _place(account), account.settings.get("aws_key_id", "")
    secret = account.settings.get("aws_secret", "")
    if not key_id or not secret:
        raise AuthExpired(f"{account.slug} has a queue, and no key to it")
    signer = sigv4.Signer(key_id, secret, place.region, "sqs")
    caller = Caller(
        place.server,
        name="Amazon's queue",
        headers={"X-Amz-Target": f"AmazonSQS.{action}"},
        complaint=_complaint,
        secrets=(secret,),
        kind=_KIND,
        seal=lambda method, url, headers, body: sigv4.signed(
            signer, method, url, headers, body, at=datetime.now(UTC)
        ),
    )
    return caller.ask("/", {"QueueUrl": place.url, **wanted})


def _order_of(body: str, account: Account) -> str:
    """The number of the order a message is about; "" where it is about none that is fetched here."""
    try:
        told = msgspec.json.decode(body, type=_Told)
    except (msgspec.MsgspecError, UnicodeError):
        return ""
    change = told.payload.change if told.kind == "ORDER_CHANGE" else None
    markets = {one.id for one in chosen(account.settings.get("marketplaces", ""))}
    if change is None or change.summary.market not in markets:
        return ""
    return change.order if change.seller == account.settings.get("seller_id") else ""


def _looked_up(account: Account, names: Mapping[str, None]) -> dict[str, Change | None]:
    """The orders of these names: None for one that Amazon does not show. What there was no time or turn for
    is left out."""
    found: dict[str, Change | None] = {}

    def look(caller: Caller) -> None:
        for name in names:
            if name in found:
                continue  # before the token ended
            path, params = f"{_ORDERS}/{quote(name, safe='')}", {"includedData": telling.INCLUDED}
            try:
                order = caller.look(path, params=params).get("order")
            except AuthExpired:
                raise
            except RefusedOutside:
                found[name] = None
                continue
            if isinstance(order, dict):
                found[name] = telling.change(order)

    if names:
        try:
            signed_in(account, look)
        except NotDone:
            if not found:
                raise
    return found


def _complaint(said: Json) -> Complaint:
    """{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": …}"""
    code = text(said.get("__type")).rpartition("#")[2]
    return Complaint("", ": ".join(one for one in (code, text(said.get("message"))) if one))


class _Summary(msgspec.Struct):
    market: str = msgspec.field(name="MarketplaceId", default="")


class _Change(msgspec.Struct):
    order: str = msgspec.field(name="AmazonOrderId", default="")
    seller: str = msgspec.field(name="SellerId", default="")
    summary: _Summary = msgspec.field(name="Summary", default_factory=_Summary)


class _Payload(msgspec.Struct):
    change: _Change | None = msgspec.field(name="OrderChangeNotification", default=None)


class _Told(msgspec.Struct):
    kind: str = msgspec.field(name="NotificationType", default="")
    payload: _Payload = msgspec.field(name="Payload", default_factory=_Payload)
