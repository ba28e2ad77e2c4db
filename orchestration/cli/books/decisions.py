"""Decisions of people by ``incentives period adjust``, ``resolve``, ``dispute``, ``decide``, ``cases``.

Belongs here: options and output. Does not belong here: what may be decided (``orchestration.books.cases.decisions``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, echo, echo_json, show_table

if TYPE_CHECKING:
    from ledger import Entry

As = Annotated[
    str | None,
    typer.Option(
        "--as", help="Who you are; where a server keeps the ledger, the login counts.", metavar="NAME"
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it stands in the ledger.")]
_COUNTS = "It counts from the next run on."


class Subject(StrEnum):
    """What is resolved."""

    PAYOUT_LINE = "payout_line"
    TRANSFER = "transfer"


class Decision(StrEnum):
    """What becomes of a held line or transfer."""

    RELEASE = "release"
    REASSIGN = "reassign"
    REJECT = "reject"


def adjust(
    employee: Annotated[str, typer.Argument(help="Id of the employee.")],
    period: Annotated[str, typer.Argument(help="Month in which it is posted.", metavar="PERIOD")],
    amount: Annotated[str, typer.Option(help="With its sign, such as 120.00 or -80.50.")],
    reason: Reason,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "CNY",
    name: As = None,
    as_json: Json = False,
) -> None:
    """Propose an adjustment; somebody else approves it with `decide`."""
    from orchestration.books.cases.decisions import Adjustment
    from orchestration.books.cases.decisions import adjust as propose
    from orchestration.books.periods import month_of
    from orchestration.runtime.access import protected_settings

    wanted = Adjustment(employee, month_of(period), amount, currency, reason)
    entry = propose(protected_settings(), wanted, name)
    _show(entry, as_json, f"Next: incentives period decide {entry.subject} --as NAME (another person)")


def resolve(
    subject: Annotated[Subject, typer.Argument(help="What is decided on.")],
    subject_id: Annotated[str, typer.Argument(help="Id of the payout line, or of the change of ownership.")],
    decision: Annotated[Decision, typer.Option(help="What becomes of it.")],
    reason: Reason,
    to: Annotated[str | None, typer.Option(help="Whom a reassigned line goes to.")] = None,
    name: As = None,
    as_json: Json = False,
) -> None:
    """Release, reassign or reject what is held."""
    from orchestration.books.cases.decisions import Resolution
    from orchestration.books.cases.decisions import resolve as decide_on
    from orchestration.runtime.access import protected_settings

    wanted = Resolution(subject.value, subject_id, decision.value, reason, to)
    entry = decide_on(protected_settings(), wanted, name)
    _show(entry, as_json, _COUNTS)


def dispute(
    line_id: Annotated[str, typer.Argument(help="Payout line; its first characters are enough.")],
    reason: Reason,
    name: As = None,
    as_json: Json = False,
) -> None:
    """Open a dispute of a payout line."""
    from orchestration.books.cases.decisions import dispute as open_dispute
    from orchestration.runtime.access import protected_settings

    entry = open_dispute(protected_settings(), line_id, reason, name)
    _show(entry, as_json, f"Next: incentives period decide {entry.subject} --as NAME (another person)")


def decide(
    subject: Annotated[str, typer.Argument(help="Id of the adjustment or dispute, such as DIS-00007.")],
    reason: Reason,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Approve or accept it, or reject it.")],
    amount: Annotated[str | None, typer.Option(help="What an accepted dispute is worth.")] = None,
    currency: Annotated[str, typer.Option(help="ISO 4217 code of the amount.")] = "CNY",
    period: Annotated[str | None, typer.Option(help="Month in which the amount is posted.")] = None,
    name: As = None,
    as_json: Json = False,
) -> None:
    """Decide on an adjustment or a dispute that somebody else opened."""
    from orchestration.books.cases.decisions import Adjustment, decide_case, open_cases
    from orchestration.books.periods import month_of
    from orchestration.errors import InputError
    from orchestration.runtime.access import protected_settings

    settings = protected_settings()
    wanted = None
    if amount is not None:
        if period is None:
            raise InputError("--amount needs the month in which it is posted. Write --period 2026-11.")
        case = next((one for one in open_cases(settings) if one.subject == subject), None)
        employee = str(case.opened.details.get("employee_id")) if case else ""
        wanted = Adjustment(employee, month_of(period), amount, currency, reason, subject)
    entry, proposed = decide_case(settings, subject, name, accept=accept, reason=reason, adjustment=wanted)
    after = _COUNTS if accept else ""
    if proposed:
        after = f"Next: incentives period decide {proposed.subject} --accept --as NAME (another person)"
    _show(entry, as_json, after)


def cases(as_json: Json = False) -> None:
    """List adjustments, disputes and resolutions."""
    from orchestration.books.cases.decisions import open_cases
    from orchestration.settings import load_settings

    found = [case.as_dict() for case in open_cases(load_settings())]
    if as_json:
        echo_json({"status": "done", "cases": found})
        return
    columns = ("subject", "kind", "state", "period", "opened_by", "note", "decided_by", "decision_note")
    show_table("Cases", columns, [[case[name] for name in columns] for case in found])


def _show(entry: Entry, as_json: bool, after: str) -> None:
    if as_json:
        echo_json({"status": "done", "subject": entry.subject, "entry": entry.as_dict()})
        return
    echo(f"{entry.subject}: {entry.event.value} by {entry.by}, entry {entry.sequence}")
    if after:
        echo(after)
