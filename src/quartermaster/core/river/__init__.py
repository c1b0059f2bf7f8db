"""The river: batches of facts and messages, taken by any number of workers on any number of hosts.

A queue is claimed with SKIP LOCKED, worked set-based in one transaction, and consumed in that same
transaction. What fails is halved until the culprit is alone; the culprit is parked with its reason, its
successors of the same subject wait behind it, everything else flows. A lost signal costs a second: a sweep
looks anyway.
"""
