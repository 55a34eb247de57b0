"""Sign-ins that were tried in vain, in the database: whoever guesses is slowed down on every machine at once.

Names and addresses are keyed hashes: what is typed for a name may be a password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, literal, select, update

from callrouter.calllog.tables import SignInAttemptRow

WINDOW = timedelta(minutes=15)
MOST_FROM_ONE_PLACE = 5
"""In vain for one name, from one address."""
MOST_IN_ALL = 50
"""In vain for one name from anywhere, or from one address for any name: more than one person's mistakes."""

_ONE_AT_A_TIME = 7_223_550_116  # any fixed number: the name of PostgreSQL's advisory lock


@dataclass(frozen=True, slots=True)
class Guess:
    """A sign-in that is tried: keyed hashes of the name, and of where it comes from."""

    name: str
    whence: str


def admitted(connection: Connection, guess: Guess, at: datetime) -> bool:
    """Whether *guess* may be judged. It counts from now on, before it is judged: many at once are no way around."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(literal(_ONE_AT_A_TIME))))
    connection.execute(delete(SignInAttemptRow).where(SignInAttemptRow.at <= at - WINDOW))
    by_name, from_there = SignInAttemptRow.name == guess.name, SignInAttemptRow.whence == guess.whence
    limits = (((by_name, from_there), MOST_FROM_ONE_PLACE), ((by_name,), MOST_IN_ALL), ((from_there,), MOST_IN_ALL))
    if any(_count(connection, *which) >= most for which, most in limits):
        return False
    connection.execute(insert(SignInAttemptRow), [{"name": guess.name, "whence": guess.whence, "at": at}])
    return True


def note_again(connection: Connection, guess: Guess, at: datetime) -> None:
    """Write *guess* once more in its place: a name of nobody must not be told by a refusal that writes nothing."""
    own = (SignInAttemptRow.name == guess.name, SignInAttemptRow.whence == guess.whence, SignInAttemptRow.at == at)
    connection.execute(update(SignInAttemptRow).where(*own).values(at=at))


def forget(connection: Connection, name: str) -> None:
    """The user (a keyed hash of the name) has signed in, or got a new link: what was tried before counts no more."""
    connection.execute(delete(SignInAttemptRow).where(SignInAttemptRow.name == name))


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(SignInAttemptRow).where(*which)).scalar_one()
