"""The plug of the CSV folder: its settings form and the port it offers."""

from quartermaster.connectors.csv_folder.folder import CsvFolder
from quartermaster.connectors.csv_folder.notices import Notices as NoticeFiles
from quartermaster.core.plugs import Plug, Setting
from quartermaster.outside.ports import Notices, Warehouse

PLUG = Plug(
    kind="csv_folder",
    title="CSV folder (any 3PL)",
    settings=(
        Setting(
            "folder",
            "Folder",
            hint="An absolute path on the machine of the workers; with a host, the path there.",
        ),
        Setting("host", "SFTP host", is_required=False, hint="Empty: the folder is on this machine."),
        Setting("port", "SFTP port", is_required=False, hint="22 when empty."),
        Setting("user", "SFTP user", is_required=False),
        Setting(
            "password", "Password", is_secret=True, is_required=False, hint="Or that of the private key."
        ),
        Setting(
            "private_key", "Private key", is_secret=True, is_required=False, hint="As OpenSSH writes it."
        ),
        Setting(
            "host_key",
            "Host key",
            is_required=False,
            hint="SHA256:… of the server. Leave it empty once: the site's page shows what to compare.",
        ),
    ),
    ports={Warehouse: CsvFolder(), Notices: NoticeFiles()},
)
