"""Amazon's notifications: destinations and subscriptions, and the queue (SQS) they go to.

The queue doubles, delays and reorders (`mail.line`), and hands a message out again when nobody deleted it in
time: `later` lets that time pass.
"""

from collections.abc import Mapping
from typing import cast

import msgspec

from quartermaster.testing.simulators.sending import Delivery, Mail
from quartermaster.testing.simulators.server import Request, Response

OWNER, NAME, KEY_ID, KEY = "123456789012", "orders", "AKIASIMULATED", "simulated"
ARN = f"arn:aws:sqs:us-east-1:{OWNER}:{NAME}"
_ROOT = "/notifications/v1/"

type Json = dict[str, object]


def settings(url: str) -> dict[str, str]:
    """Of a connection that has this queue."""
    return {"queue_url": f"{url}/{OWNER}/{NAME}", "aws_key_id": KEY_ID, "aws_secret": KEY}


def operation(path: str) -> str:
    if path == "/":
        return "queue"
    if not path.startswith(_ROOT):
        return ""
    return "destination" if path.startswith(f"{_ROOT}destinations") else "subscription"


class Queue:
    """`waiting`: what is in the queue; `deleted`: how many were taken off it."""

    def __init__(self) -> None:
        self.mail = Mail()
        self.waiting: dict[str, Json] = {}
        self.deleted = 0
        self.subscribed = 0
        self.destinations: dict[str, str] = {}  # name -> queue
        self.subscriptions: dict[str, Json] = {}  # topic -> what it is
        self._hidden: dict[str, str] = {}  # receipt -> message
        self._sent = self._given = 0

    def subscribe(self) -> None:
        """As somebody who may do it did."""
        self.destinations["d-1"] = ARN
        self.subscriptions["ORDER_CHANGE"] = {
            "subscriptionId": "s-1",
            "payloadVersion": "1.0",
            "destinationId": "d-1",
        }

    def tell(self, order: str, seller: str, market: str) -> None:
        """An order changed."""
        subscription = self.subscriptions.get("ORDER_CHANGE")
        if subscription is None or self.destinations.get(str(subscription["destinationId"])) != ARN:
            return
        self._sent += 1
        change = {
            "NotificationLevel": "OrderLevel",
            "SellerId": seller,
            "AmazonOrderId": order,
            "OrderChangeType": "OrderStatusChange",
            "Summary": {"MarketplaceId": market, "FulfillmentType": "MFN"},
        }
        told = {
            "NotificationVersion": "1.0",
            "NotificationType": "ORDER_CHANGE",
            "PayloadVersion": "1.0",
            "Payload": {"OrderChangeNotification": change},
            "NotificationMetadata": {"NotificationId": f"n-{self._sent}"},
        }
        self.mail.put(Delivery(f"m-{self._sent}", "", {}, msgspec.json.encode(told)))

    def put(self, body: str) -> None:
        """Anything else comes into the queue."""
        self._sent += 1
        self.waiting[f"m-{self._sent}"] = {"MessageId": f"m-{self._sent}", "Body": body}

    def tell_end(self, client: str, ends_at: str, at: str) -> None:
        """The client secret of an application ends."""
        told = {"clientId": client, "clientSecretExpiryTime": ends_at}
        told["clientSecretExpiryReason"] = "PERIODIC_ROTATION"
        self._tell_of_secret("SECRET_EXPIRY", {"applicationOAuthClientSecretExpiry": told}, at)

    def tell_new_secret(self, client: str, secret: str, *, ends_at: str, old_ends_at: str, at: str) -> None:
        """It was given another one; the old counts for some days more."""
        told = {
            "clientId": client,
            "newClientSecret": secret,
            "newClientSecretExpiryTime": ends_at,
            "oldClientSecretExpiryTime": old_ends_at,
        }
        self._tell_of_secret("NEW_SECRET", {"applicationOAuthClientNewSecret": told}, at)

    def _tell_of_secret(self, kind: str, payload: Json, at: str) -> None:
        told = {
            "notificationVersion": "1.0",
            "notificationType": f"APPLICATION_OAUTH_CLIENT_{kind}",
            "payloadVersion": "1.0",
            "eventTime": at,
            "payload": payload,
            "notificationMetadata": {"notificationId": f"n-{self._sent + 1}"},
        }
        self.put(msgspec.json.encode(told).decode())

    def later(self) -> None:
        """What was handed out and not deleted is seen again; what was doubled comes once more."""
        self._hidden.clear()

    def respond(self, request: Request) -> Response:
        if request.operation == "queue":
            return self._asked(request)
        if request.operation == "destination":
            return self._destination(request)
        return self._subscription(request)

    def _asked(self, request: Request) -> Response:
        told = request.headers.get("authorization", "")
        if f"Credential={KEY_ID}/" not in told or "Signature=" not in told:
            return _no(403, "InvalidClientTokenId", "The security token is not valid.")
        body = cast("Json", request.body)
        if not str(body["QueueUrl"]).endswith(f"/{OWNER}/{NAME}"):
            return _no(400, "QueueDoesNotExist", "The specified queue does not exist.")
        if request.headers["x-amz-target"] == "AmazonSQS.ReceiveMessage":
            return Response(200, self._received(int(str(body["MaxNumberOfMessages"]))))
        entries = cast("list[Json]", body["Entries"])
        for one in entries:
            name = self._hidden.get(str(one["ReceiptHandle"]), "")
            self.deleted += self.waiting.pop(name, None) is not None
        return Response(200, {"Successful": [{"Id": one["Id"]} for one in entries], "Failed": []})

    def _received(self, most: int) -> Json:
        for one in self.mail.take():  # one that is doubled comes again though it was deleted
            self.waiting[one.subscription] = {
                "MessageId": one.subscription,
                "Body": one.body.decode(errors="replace"),
            }
        free = [name for name in self.waiting if name not in self._hidden.values()][:most]
        found = []
        for name in free:
            self._given += 1
            self._hidden[f"r-{self._given}"] = name
            found.append({**self.waiting[name], "ReceiptHandle": f"r-{self._given}", "MD5OfBody": ""})
        return {"Messages": found} if found else {}

    def _destination(self, request: Request) -> Response:
        if request.method == "POST":
            wanted = cast("dict[str, Json]", request.body)
            queue = str(cast("Json", wanted["resourceSpecification"]["sqs"])["arn"])
            name = f"d-{len(self.destinations) + 1}"
            self.destinations[name] = queue
            return Response(200, {"payload": _shown(name, queue)})
        return Response(200, {"payload": [_shown(*one) for one in self.destinations.items()]})

    def _subscription(self, request: Request) -> Response:
        topic = request.path.rpartition("/")[2]
        known = self.subscriptions.get(topic)
        if request.method != "POST":
            return Response(200, {"payload": known}) if known else _error(404, "NotFound", "no subscription")
        if known:
            return _error(409, "Conflict", "a subscription of this type exists")
        self.subscribed += 1
        wanted = cast("Json", request.body)
        told = {"subscriptionId": f"s-{self.subscribed}", "payloadVersion": "1.0", **wanted}
        self.subscriptions[topic] = told
        return Response(200, {"payload": told})


def _shown(name: str, queue: str) -> Json:
    return {"destinationId": name, "name": "quartermaster", "resource": {"sqs": {"arn": queue}}}


def _error(status: int, code: str, message: str) -> Response:
    return Response(status, {"errors": [{"code": code, "message": message, "details": ""}]})


def _no(status: int, code: str, message: str) -> Response:
    told: Mapping[str, object] = {"__type": f"com.amazonaws.sqs#{code}", "message": message}
    return Response(status, told)
