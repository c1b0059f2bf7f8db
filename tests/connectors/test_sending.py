"""The line over which simulators send: what it does to messages, and that it does the same again."""

from quartermaster.connectors import signing
from quartermaster.inbox.ports import Verdict
from quartermaster.testing.simulators.sending import Delivery, Line, Mail
from quartermaster.testing.simulators.woocommerce import WooCommerce

HERE = "https://qm.example.com/in/acme"


def sent(line: Line, seed: int = 1) -> tuple[list[bytes], Mail]:
    """A hundred messages, and how they come."""
    mail = Mail(seed=seed)
    mail.line = line
    came = []
    for n in range(100):
        mail.put(Delivery("1", HERE, {}, b"%03d" % n))
        mail.bring(lambda one: came.append(one.body) or 200)  # type: ignore[func-returns-value]
    while len(mail):
        mail.bring(lambda one: came.append(one.body) or 200)  # type: ignore[func-returns-value]
    return came, mail


def test_a_good_line_brings_everything_once_and_in_order():
    assert sent(Line())[0] == [b"%03d" % n for n in range(100)]


def test_the_same_seed_is_the_same_line():
    line = Line(lost=0.1, doubled=0.2, corrupt=0.05, delayed=0.3, is_shuffled=True)
    assert sent(line, 7)[0] == sent(line, 7)[0]
    assert sent(line, 7)[0] != sent(line, 8)[0]


def test_each_knob_does_what_it_says():
    came, mail = sent(Line(lost=0.2))
    assert len(came) + len(mail.lost) == 100
    assert mail.lost
    came, _ = sent(Line(doubled=0.2))
    assert len(set(came)) == 100 < len(came)
    came, _ = sent(Line(delayed=0.3))
    assert sorted(came) == [b"%03d" % n for n in range(100)] != came
    came, _ = sent(Line(corrupt=0.2))
    assert len(came) == 100 > len({one for one in came if one.isdigit() and int(one) < 100})


def a_shop() -> tuple[WooCommerce, str]:
    shop = WooCommerce()
    return shop, shop.hooks.put("order.updated", HERE, "a secret")


def test_woocommerce_signs_what_it_sends():
    shop, _ = a_shop()
    shop.take({"id": 7})
    assert not len(shop.mail)  # nobody wants to hear of new ones
    shop.take({"id": 7, "status": "completed"})
    (one,) = shop.mail.take()
    assert (one.address, one.headers["X-WC-Webhook-Topic"]) == (HERE, "order.updated")
    given = one.headers["X-WC-Webhook-Signature"]
    assert signing.check(given, one.body, [b"a secret"]) is Verdict.GENUINE
    assert signing.check(given, one.body, [b"another"]) is Verdict.FORGED


def test_woocommerce_sends_nothing_again_and_gives_up_after_failures_in_a_row():
    shop, hook = a_shop()
    shop.take({"id": 7})
    answers = iter([500, 500, 500, 500, 500, 200, *[0] * 9])
    brought = []
    for _ in range(15):
        shop.take({"id": 7})
        brought.append(shop.mail.bring(lambda _: next(answers)))
    assert brought == [1] * 12 + [0] * 3
    assert shop.hooks.kept[hook]["status"] == "disabled"
