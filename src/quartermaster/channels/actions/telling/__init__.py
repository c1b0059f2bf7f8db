"""How a shop is told the newest value of its listings, whatever it is a value of.

Rows are taken in hand, sent while they are still held, looked at where the answer was not enough, and every
answer is kept. Stock and prices say what differs: their tables, and what is written.
"""
