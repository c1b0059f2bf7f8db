"""The demo company Harbor & Pine, invented from the first lamp to the last customer.

`company` is what it is: its assortment, its sites, its shops. `past` is the history it looks back on, `floor`
the crew that picks, packs and ships by the stages' own actions, `shops` the shops that place its orders over
signed webhooks, `problems` what is wrong with it today. `seed` makes all of it, `alive` keeps it moving.

Nothing here is known to any stage, and nothing leaves the machine. A database is a demo or it is none: see
`mark`.
"""
