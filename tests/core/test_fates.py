"""What an error of the database means for the work in hand."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from quartermaster.core.river.fates import Fate, fate


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("the connection is closed"),
        InterfaceError("connection already closed"),
        PoolTimeout("no connection in time"),
        pg.AdminShutdown(),
        pg.CannotConnectNow(),
        pg.TooManyConnections(),
        pg.DiskFull(),
        pg.IdleInTransactionSessionTimeout(),
        pg.IoError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_database_that_cannot_answer_now_is_away(error: Exception) -> None:
    assert fate(error) is Fate.AWAY


@pytest.mark.parametrize("error", [pg.DeadlockDetected(), pg.SerializationFailure(), pg.LockNotAvailable()])
def test_a_lost_race_is_run_again(error: Exception) -> None:
    assert fate(error) is Fate.RACE


@pytest.mark.parametrize(
    "error",
    [
        pg.ProgramLimitExceeded(),
        pg.StatementTooComplex(),
        pg.QueryCanceled(),  # it took too long: half of the batch may be quick enough
        pg.NumericValueOutOfRange(),
        pg.CheckViolation(),
        pg.UndefinedColumn(),
        ValueError("no error of the database at all"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_everything_else_is_the_fault_of_an_item(error: Exception) -> None:
    assert fate(error) is Fate.FAILED


def test_an_error_that_django_wrapped_is_judged_by_its_cause() -> None:
    wrapped = OperationalError("deadlock detected")
    wrapped.__cause__ = pg.DeadlockDetected()
    assert fate(wrapped) is Fate.RACE
    wrapped.__cause__ = pg.ProgramLimitExceeded()
    assert fate(wrapped) is Fate.FAILED
