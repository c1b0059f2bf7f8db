"""The shops of the demo company as the outside sees them: they sign their webhooks and know no stage.

`tell` says a sale in its shop's own words; `door` takes it in here and now, `post` over HTTP.
"""

from quartermaster.demo.shops.told import Webhook, signed, tell

__all__ = ["Webhook", "signed", "tell"]
