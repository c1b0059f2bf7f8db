"""The plug of warehouses that come to our API: the port it offers, and no settings."""

from quartermaster.connectors.site_api.warehouse import SiteApi, SiteNotices
from quartermaster.core.plugs import Plug
from quartermaster.outside.ports import Notices, Warehouse

PLUG = Plug(
    kind="site_api",
    title="Our API (the warehouse's own programs)",
    settings=(),
    ports={Warehouse: SiteApi(), Notices: SiteNotices()},
)
