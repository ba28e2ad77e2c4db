"""The books of a home: its ledger, its archives, and loading them into the warehouse.

Belongs here: where they lie. Does not belong here: what an entry may say (``ledger``), commands (``books.periods``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger import Entry, Ledger, check_chain, open_ledger
from ledger.errors import LedgerError
from orchestration.errors import GateError, InputError
from orchestration.settings import Settings


@contextmanager
def home_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of a home: a file in it, or the database that ``INCENTIVES_LEDGER_URL`` names.

    Raises:
        ledger.LedgerError: It cannot be opened.
    """
    address = settings.ledger_url.get_secret_value() if settings.ledger_url else settings.ledger
    with open_ledger(address) as ledger:
        yield ledger


def has_ledger(settings: Settings) -> bool:
    """Whether there can be entries: without a file nothing was ever written."""
    return settings.ledger_url is not None or settings.ledger.exists()


def read_entries(settings: Settings) -> tuple[Entry, ...]:
    """All entries of the ledger, their chain checked; none without a ledger.

    Raises:
        GateError: The chain is broken, or the ledger is gone and the books are there.
    """
    if not has_ledger(settings):
        if (settings.books / "archives").exists():
            raise GateError(
                "the ledger is missing, but the home has archives of calculations",
                where=str(settings.ledger),
                hint="restore ledger.sqlite from a backup; without it nobody knows what is locked",
            )
        return ()
    with home_ledger(settings) as ledger:
        entries, head = ledger.whole()
    faults = check_chain(entries, head)
    if faults:
        raise GateError(
            f"the ledger was tampered with: {faults[0].what}",
            where="INCENTIVES_LEDGER_URL" if settings.ledger_url else str(settings.ledger),
            hint="restore it from a backup; incentives verify shows every break. Nothing is computed over it",
        )
    return entries


def load_home_books(settings: Settings) -> dict[str, int]:
    """Load entries and locked lines into the warehouse; decisions that deliveries brought are entries from then on.

    Before the first command of the books there is no ledger, and none is made.

    Returns:
        Rows by table.

    Raises:
        GateError: The ledger was tampered with.
        ledger.errors.ArchiveError: An archive is missing or damaged.
    """
    from ledger.tables import load_books
    from orchestration.books.cases.noted_rows import note_imported

    entries = read_entries(settings)
    if entries:
        with home_ledger(settings) as ledger:
            noted = note_imported(settings, ledger)
        entries = read_entries(settings) if noted else entries
    return load_books(settings.warehouse, settings.books, entries)


def identified(ledger: Ledger, name: str | None) -> str:
    """Who acts: the login of the database where a server keeps the ledger, else the given name.

    Raises:
        InputError: No name is given, or another one than that of the login.
    """
    login = ledger.login()
    if login is None:
        if not (name or "").strip():
            raise InputError("nobody is named. Write --as NAME.")
        return str(name).strip()
    if name and name.strip() != login:
        raise InputError(
            f"--as {name!r}: the ledger is on a server, where the login counts, and that is {login!r}. "
            "Leave --as out, or log in as that person (INCENTIVES_LEDGER_URL)."
        )
    return login


__all__ = ["LedgerError", "has_ledger", "home_ledger", "identified", "load_home_books", "read_entries"]
