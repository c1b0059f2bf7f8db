"""What the ledger does, as tables: one event a line, its outcome last. Each ends with every invariant."""


def test_units_are_moved_once_and_never_out_of_nothing(ledger):
    ledger("""
        move receipt-1  5  world:supplier > BER     = ok
        move alloc-1    3  BER > BER:picked         = ok
        move alloc-2    3  BER > BER:picked         = not-enough-stock
        move alloc-1    3  BER > BER:picked         = ok
        move alloc-1    4  BER > BER:picked         = key-reused
        holds BER              2
        holds BER:picked       3
        holds world:supplier  -5
        on_hand  BER           5
        sellable BER           2
    """)


def test_bins_and_zones_appear_when_they_are_first_used(ledger):
    ledger("""
        move a  5  world:supplier > BER/A-01     = ok
        move b  2  BER/A-01 > BER/COLD/7         = ok
        move c  1  BER/COLD/7 > BER/COLD         = ok
        move d  1  BER/A-01 > XYZ/A-01           = unknown-place
        move e  1  BER/A-01 > BER/A/B/C          = invalid
        holds BER/A-01    3
        holds BER/COLD/7  1
        holds BER/COLD    1
        on_hand  BER      5
        sellable BER      5
        links    BER      3
    """)


def test_units_that_are_not_available_are_there_but_cannot_be_sold(ledger):
    ledger("""
        move in      6  world:supplier > BER       = ok
        move broken  2  BER > BER:damaged          = ok
        on_hand  BER 6
        sellable BER 4
        reserve  1 5 BER                           = not-enough-stock
        reserve  1 4 BER                           = ok
        move scrap   2  BER:damaged > world:scrap  = ok
        on_hand  BER 4
        reserved BER 4
    """)


def test_a_transfer_leaves_one_site_and_reaches_the_other_in_both_chains(ledger):
    ledger("""
        move in    6  world:supplier > BER          = ok
        move off   4  BER > MUC:in_transit          = ok
        on_hand  BER 2
        on_hand  MUC 4
        sellable MUC 0
        move here  3  MUC:in_transit > MUC/A-01     = ok
        move lost  1  MUC:in_transit > world:adjustment = ok
        sellable MUC 3
        links    BER 2
        links    MUC 3
    """)


def test_promised_units_stay_until_they_are_released(ledger):
    ledger("""
        move in  5  world:supplier > BER   = ok
        reserve  1 4 BER                   = ok
        move out 2  BER > MUC              = stock-is-promised
        move in2 2  BER > BER/A-01         = ok
        release  1 3                       = ok
        release  1 2                       = not-reserved
        move out 2  BER > MUC              = ok
        pending  1 1
        sellable BER 3
        reserved BER 1
    """)


def test_shipping_ends_the_promise_and_takes_the_units(ledger):
    ledger("""
        move in  5  world:supplier > BER   = ok
        reserve  1 4 BER                   = ok
        ship     s1 3 1                    = ok
        ship     s1 3 1                    = ok
        ship     s1 1 1                    = key-reused
        ship     s2 2 1                    = not-reserved
        pending  1 1
        on_hand  BER 2
        reserved BER 1
        holds    world:customer 3
    """)


def test_units_found_broken_break_the_newest_promises_and_no_more_than_needed(ledger):
    ledger("""
        move in  6  world:supplier > BER   = ok
        reserve  1 2 BER                   = ok
        reserve  2 4 BER                   = ok
        break    b 3  BER > world:scrap    = ok
        pending  1 2
        pending  2 1
        reserved BER 3
        break    c 4  BER > world:scrap    = not-enough-stock
        break    d 3  BER > BER:damaged    = ok
        pending  1 0
        pending  2 0
    """)


def test_a_lot_is_a_stock_of_its_own(ledger):
    ledger("""
        move a 3 world:supplier > BER L1   = ok
        move b 2 world:supplier > BER L2   = ok
        move c 3 BER > world:scrap L2      = not-enough-stock
        move d 3 BER > world:scrap L1      = ok
        on_hand BER 2
    """)


def test_a_movement_is_between_two_different_places_and_one_of_them_is_ours(ledger):
    ledger("""
        move a 1 world:supplier > world:customer = invalid
        move b 1 BER > BER                       = invalid
        move c 1 world:nowhere > BER             = invalid
        move d 0 world:supplier > BER            = invalid
        move e 1 world:supplier > BER:lost       = invalid
        on_hand BER 0
    """)
