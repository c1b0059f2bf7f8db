"""What the web server loads: the application, in a process that does not outlive that server."""

import os

from quartermaster.commands.running.leash import follow_parent
from quartermaster.wsgi import application

__all__ = ["application"]

# A killed server must not leave a process behind that still holds the port.
follow_parent(lambda: os._exit(1))
