"""What can keep a database of our own from running, in words."""

from quartermaster.core.errors import Refused


class NoPostgres(Refused):
    code = "no-postgres"
    message = "No PostgreSQL was found: not in the environment, not on this system."
    remedy = (
        "Install PostgreSQL 15 or newer (Debian, Ubuntu: apt install postgresql), "
        "or set QM_DATABASE_URL to a server that runs elsewhere."
    )


class NoAccount(Refused):
    code = "no-account"
    message = "PostgreSQL refuses to run as root, and there is no account to run it as."
    remedy = "Create the account `postgres`, or run ./qm as an ordinary user, or set QM_DATABASE_URL."


class OtherVersion(Refused):
    code = "other-postgres-version"
    message = "The data in {data} was made by PostgreSQL {made}; found here: {found}."
    remedy = (
        "Install PostgreSQL {made} and start again: it is then used for this data. Or dump the data with "
        "PostgreSQL {made}, point QM_HOME at a new folder and load it there."
    )


class OtherOwner(Refused):
    code = "other-owner"
    message = "{path} belongs to the account {owner}, and PostgreSQL would run as {account}."
    remedy = (
        "Run ./qm as the account that made it (root uses postgres or nobody), or point QM_HOME elsewhere."
    )


class NotReachable(Refused):
    code = "not-reachable"
    message = "{path} holds a database, but the account {account} cannot reach it any more."
    remedy = "Let the account pass through the folders above it again (execute permission), then start again."


class DidNotStart(Refused):
    code = "database-did-not-start"
    message = "PostgreSQL could not be {what}. Its last words:\n{said}"
    remedy = "Mend what it complains about (often: no space left, or a damaged disk) and start again."
