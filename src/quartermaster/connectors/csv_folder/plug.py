"""The plug of the CSV folder: its settings form and the port it offers."""

from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.core.plugs import Plug, Setting
from quartermaster.outside.ports import Warehouse

PLUG = Plug(
    kind="csv_folder",
    title="CSV folder (any 3PL)",
    settings=(
        Setting(
            "folder",
            "Folder",
            hint="An absolute path on the machine of the workers; it must be there, and be theirs to write.",
        ),
    ),
    ports={Warehouse: CsvFolder()},
)
