"""History's plug: a name for where imported orders came from."""

from quartermaster.core.plugs import Plug

PLUG = Plug(kind="history", title="Imported history", settings=(), ports={})
