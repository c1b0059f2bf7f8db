"""What can keep a process from running, in words."""

from quartermaster.core.errors import Refused


class OldPostgres(Refused):
    code = "old-postgres"
    message = "The database server is PostgreSQL {version}; Quartermaster needs 15 or newer."
    remedy = (
        "Upgrade that server, or unset QM_DATABASE_URL to use the PostgreSQL that comes with Quartermaster."
    )


class Unreachable(Refused):
    code = "database-unreachable"
    message = "The database does not answer: {because}"
    remedy = (
        "Check that the server runs and that QM_DATABASE_URL is right (user, password, host, port, name)."
    )


class NotMigrated(Refused):
    code = "not-migrated"
    message = "The database is older than this version of Quartermaster: {count} migrations are missing."
    remedy = "Run ./qm migrate (it is safe while others work), then try again."


class MigrationBlocked(Refused):
    code = "migration-blocked"
    message = "A migration could not get its table locks for {waited_s} s: something holds them for long."
    remedy = (
        "End long transactions (an open psql, a backup), then run ./qm migrate again. Nothing is half done."
    )


class PortTaken(Refused):
    code = "port-taken"
    message = "Port {port} on {host} is in use: {because}."
    remedy = "Stop what uses it, or choose another one: ./qm up --port {other}"


class NeverReady(Refused):
    code = "never-ready"
    message = "The web process did not become ready (within {patience_s} s at most); /readyz said: {said}"
    remedy = "Read the log lines above this one; they name the reason."
