"""The books of a home: its ledger, its archives, and loading them into the warehouse.

Belongs here: where they lie. Does not belong here: what an entry may say (``ledger``), commands (``books.periods``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from connectors.common.warehouse import open_warehouse
from ledger import Entry, Ledger, check_chain, open_ledger
from ledger.entries.entry import PROGRAM, same_person
from ledger.errors import LedgerError
from orchestration.errors import GateError, InputError
from orchestration.settings import Settings
from serving.database import columns_of

_LAST_PUBLISHED = "select sequence, entry_hash from marts.period_ledger order by sequence desc limit 1"


@contextmanager
def home_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of a home: a file in it, or the database that ``INCENTIVES_LEDGER_URL`` names.

    Raises:
        ledger.LedgerError: It cannot be opened.
        GateError: It is gone, and the books are there.
    """
    if gone := missing_ledger(settings):
        raise gone
    address = settings.ledger_url.get_secret_value() if settings.ledger_url else settings.ledger
    with open_ledger(address) as ledger:
        yield ledger


def has_ledger(settings: Settings) -> bool:
    """Whether there can be entries: without a file nothing was ever written."""
    return settings.ledger_url is not None or settings.ledger.exists()


def missing_ledger(settings: Settings) -> GateError | None:
    """The error of a home whose ledger is gone: there are archives, and no file; it must not be made anew."""
    if has_ledger(settings) or not (settings.books / "archives").exists():
        return None
    return GateError(
        "the ledger is missing, but the home has archives of calculations",
        where=str(settings.ledger),
        hint="restore ledger.sqlite from a backup; without it nobody knows what is locked",
    )


def unknown_entry(settings: Settings, entries: Sequence[Entry]) -> GateError | None:
    """The error of a ledger that is another or an older one: the publication shows an entry that it does not have."""
    if not settings.snapshot.exists():
        return None
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        if not columns_of(connection, "marts", "period_ledger"):
            return None
        rows = connection.execute(_LAST_PUBLISHED).fetchall()
    for sequence, entry_hash in rows:
        if len(entries) < sequence or entries[sequence - 1].entry_hash != entry_hash:
            return GateError(
                f"the publication shows entry {sequence} with hash {entry_hash[:12]}…, which the ledger does not have: "
                "it is another ledger, or an older one",
                where=_where(settings),
                hint="see that INCENTIVES_LEDGER_URL names the ledger of this home, or restore the newest backup",
            )
    return None


def _where(settings: Settings) -> str:
    return "INCENTIVES_LEDGER_URL" if settings.ledger_url else str(settings.ledger)


def read_entries(settings: Settings) -> tuple[Entry, ...]:
    """All entries of the ledger, their chain checked; none without a ledger.

    Raises:
        GateError: The chain is broken, or the ledger is gone and the books are there.
    """
    if gone := missing_ledger(settings):
        raise gone
    if not has_ledger(settings):
        return ()
    with home_ledger(settings) as ledger:
        entries, head = ledger.whole()
    faults = check_chain(entries, head)
    if faults:
        raise GateError(
            f"the ledger was tampered with: {faults[0].what}",
            where=_where(settings),
            hint="restore it from a backup; incentives verify shows every break. Nothing is computed over it",
        )
    return entries


def load_home_books(settings: Settings) -> dict[str, int]:
    """Load entries and locked lines into the warehouse; decisions that deliveries brought are entries from then on.

    Before the first command of the books there is no ledger, and none is made.

    Returns:
        Rows by table.

    Raises:
        GateError: The ledger was tampered with, or is not that of the publication.
        ledger.errors.ArchiveError: An archive is missing or damaged.
    """
    from ledger.tables import load_books
    from orchestration.books.cases.noted_rows import note_imported

    entries = read_entries(settings)
    if unknown := unknown_entry(settings, entries):
        raise unknown
    if entries:
        with home_ledger(settings) as ledger:
            noted = note_imported(settings, ledger)
        entries = read_entries(settings) if noted else entries
    return load_books(settings.warehouse, settings.books, entries)


def identified(ledger: Ledger, name: str | None) -> str:
    """Who acts: the login of the database where a server keeps the ledger, else the given name.

    Raises:
        InputError: No name is given, that of the job, or another one than that of the login.
    """
    login = ledger.login()
    if login is None:
        if not (name or "").strip():
            raise InputError("nobody is named. Write --as NAME.")
        if same_person(str(name), PROGRAM):
            raise InputError(
                f"--as {name!r} is no person: the job of Dagster calculates in this name. Write yours."
            )
        return str(name).strip()
    if name and name.strip() != login:
        raise InputError(
            f"--as {name!r}: the ledger is on a server, where the login counts, and that is {login!r}. "
            "Leave --as out, or log in as that person (INCENTIVES_LEDGER_URL)."
        )
    return login


__all__ = ["LedgerError", "has_ledger", "home_ledger", "identified", "load_home_books", "read_entries"]
