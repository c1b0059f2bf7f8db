"""The river under load: signed webhooks in, orders captured, reserved, routed and released out.

`run` puts it together: `ground` (a durable throw-away database), `setup` and `prefill` (a shop with history),
`intake`, `flow` and `bare` (the measurements), `truth` (was it done right?), `report` (figures beside aims).
"""
