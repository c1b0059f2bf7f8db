"""What every connector has to pass, port by port. Plain asserts; needs no pytest itself.

`inbound` is for systems that send orders (OrderSource and Webhooks): a connector brings its recordings only.
`carriers` is for systems that sell labels (Carrier). `followers` is for systems that follow parcels
(Follower), `outside` and `notices` for warehouses of others, `carrier_faults` and `outside_faults` for those
that misbehave. `deliveries` reads recordings, `hostile` spoils them, `soundness` says what an order must be
like in any case.
"""
