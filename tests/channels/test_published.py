"""The formula: what a shop is to have."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.rules import Policy, Young, published, suggest

UNITS = st.integers(0, 500)
POLICIES = st.builds(
    Policy,
    buffer=st.integers(0, 50),
    cap=st.none() | st.integers(0, 100),
    share_percent=st.integers(0, 100),
    least=st.integers(0, 20),
)
SITES = st.dictionaries(st.sampled_from(["BER", "LYO", "WAW"]), UNITS)


def test_without_a_policy_everything_that_serves_the_shop_is_published():
    said = published({"BER": 3, "LYO": 4, "WAW": 9}, {"BER", "LYO"}, Policy())
    assert (said.quantity, said.because) == (7, ("Units that can be promised at BER 3, LYO 4: 7",))


def test_share_buffer_cap_and_minimum_follow_one_another():
    policy = Policy(buffer=3, cap=10, share_percent=50, least=11)
    said = published({"BER": 43}, {"BER"}, policy)
    assert said.quantity == 0
    assert [step.leaves for step in said.steps] == [43, 21, 18, 10, 0]


def test_a_withdrawn_sku_is_published_as_none():
    assert published({"BER": 5}, {"BER"}, Policy(), is_sold=False).quantity == 0


@given(SITES, st.sets(st.sampled_from(["BER", "LYO", "WAW"])), POLICIES)
def test_never_negative_never_more_than_there_is_and_the_arithmetic_ends_in_the_number(free, sites, policy):
    said = published(free, sites, policy)
    there = sum(units for site, units in free.items() if site in sites)
    assert 0 <= said.quantity <= max(0, there * policy.share_percent // 100 - policy.buffer)
    assert policy.cap is None or said.quantity <= policy.cap
    assert said.quantity == 0 or said.quantity >= policy.least
    assert said.steps[-1].leaves == said.quantity
    assert len(said.because) == len(said.steps)


@given(SITES, st.sampled_from(["BER", "LYO", "WAW"]), st.integers(1, 50), POLICIES)
def test_more_that_can_be_promised_never_publishes_less(free, site, more, policy):
    sites = {"BER", "LYO"}
    raised = {**free, site: free.get(site, 0) + more}
    assert published(raised, sites, policy).quantity >= published(free, sites, policy).quantity


@given(SITES, SITES, POLICIES)
def test_a_shop_that_asks_for_days_has_never_more_and_nothing_of_what_is_too_old(free, good, policy):
    sites = {"BER", "LYO"}
    said = published(free, sites, policy, young=Young(90, good))
    assert said.quantity <= published(free, sites, policy).quantity
    assert said.quantity <= sum(units for site, units in good.items() if site in sites)
    assert said.steps[-1].leaves == said.quantity
    assert published(free, sites, policy, young=Young(90, free)) == published(free, sites, policy)


@given(st.floats(0, 1000), st.floats(0, 10_000))
def test_a_suggested_buffer_covers_what_is_sold_while_a_number_is_under_way(lag_s, units_a_day):
    buffer = suggest(lag_s=lag_s, pushes=100, units_a_day=units_a_day).buffer
    assert buffer is not None
    assert buffer >= 0
    assert -0.001 <= buffer - lag_s * units_a_day / 86_400 < 1.001


def test_nothing_is_suggested_from_a_handful():
    assert suggest(lag_s=2.0, pushes=3, units_a_day=5.0).buffer is None
