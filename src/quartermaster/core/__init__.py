"""No business nouns: money, quantities, steps, refusals, event log, outbox, plugs, logs, our own PostgreSQL.

Owns the log of events and the queues of their listeners, wishes to the outside, and stored answers.
Listens to nothing; every stage emits through it. Imports no stage and no connector, and never decides
anything about an order.
"""
