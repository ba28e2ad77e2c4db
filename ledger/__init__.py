"""The books of pay: an append-only ledger of what happened to each month, and archives of what was locked.

    entries/   entries, their hash chain, the life of a month, the database they are kept in
    archive/   content-addressed files: inputs, plans and lines of a calculation; the way back to a warehouse
    tables     the tables of schema raw_ledger that a run loads from both

Belongs here: keeping. Does not belong here: computing (``dbt_project``), running (``orchestration``), what payroll and
readers get (``serving``).

Only light modules are imported here; engines are loaded when a function is called.
"""

from __future__ import annotations

from ledger.entries.chain import Fault, check_chain
from ledger.entries.entry import GENESIS, Draft, Entry, Event
from ledger.entries.life import PeriodState, state_of
from ledger.entries.store import Ledger, open_ledger
from ledger.errors import LedgerError, NotAllowedError

__all__ = [
    "GENESIS",
    "Draft",
    "Entry",
    "Event",
    "Fault",
    "Ledger",
    "LedgerError",
    "NotAllowedError",
    "PeriodState",
    "check_chain",
    "open_ledger",
    "state_of",
]
