"""PostgreSQL of our own: made, started, watched and stopped without anybody installing a server.

Owns the folder it is given (data, socket, log, and a copy of the programs where needed). Listens on a Unix
socket only. Survives kill -9, a zombie postmaster and a reused process id. Never changes the mode of a folder
it did not make, never creates an account, never downloads anything.
"""

from quartermaster.core.embedded.server import Server, folder_for

__all__ = ["Server", "folder_for"]
