"""An order there and back: sold, read, shipped, refunded and read again, until both sides say the same."""

from quartermaster.channels.ports import Refund, RefundedLine, Shipment, ShippedLine
from quartermaster.connectors.magento import translate
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.refunds import MagentoRefunds
from quartermaster.core.outside import Account
from quartermaster.orders.ports import OrderSold, PaymentState
from quartermaster.testing.conformance.channels import GONE
from quartermaster.testing.conformance.soundness import assert_sound
from quartermaster.testing.simulators import magento
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator

from .bodies import AT

CHANNEL = MagentoChannel()


def as_it_is(account: Account) -> OrderSold:
    """The one order of the shop, as the inbox would bring it."""
    (change,) = CHANNEL.changes(account=account, since=GONE.replace(year=2020), cursor="").orders
    reading = translate.read(topic=change.topic, body=change.body, received_at=AT)
    assert_sound(reading)
    assert isinstance(reading, tuple)
    (order,) = reading
    assert isinstance(order, OrderSold)
    assert order.doubts == ()
    return order


def test_what_is_told_of_an_order_is_read_back_of_it():
    with Simulator(magento.by_hand()) as simulator:
        account = Account("acme", settings_for("magento", simulator.url))
        shop = simulator.vendor
        assert isinstance(shop, magento.Magento)
        lines = [{"sku": "KETTLE-1L", "quantity": 2, "price": 39.9}, {"sku": "MUG-STONE", "quantity": 3}]
        shop.by_hand("order", {"lines": lines})
        placed = as_it_is(account)
        assert (placed.totals.total, placed.payment_state) == (11440, PaymentState.PAID)
        kettles, mugs = placed.lines
        salable = shop.goods.salable("MUG-STONE")

        parcel = (ShippedLine(kettles.external_id, "KETTLE-1L", 2),)
        shipment = Shipment("P-1", placed.external_id, parcel, "UPS", "1Z", "", GONE, is_last=False)
        CHANNEL.confirm_shipment(account=account, shipment=shipment)
        back = RefundedLine(mugs.external_id, "MUG-STONE", 1, 990)
        refund = Refund("R-1", placed.external_id, 1480, "EUR", (back,), 490, "one was missing")
        MagentoRefunds().refund(account=account, refund=refund)

        now = as_it_is(account)
        assert [(line.fulfilled, line.cancelled) for line in now.lines] == [(2, 0), (0, 1)]
        (given,) = now.refunds
        assert (given.amount_minor, given.shipping_minor, given.lines[0].amount_minor) == (1480, 490, 990)
        assert (now.payment_state, now.totals.refunded) == (PaymentState.PARTLY_REFUNDED, 1480)
        assert (shop.sent_back, shop.goods.salable("MUG-STONE"), len(shop.mails)) == (1480, salable, 2)
        assert now.version > placed.version
