"""Adjustments, resolutions and disputes by command: each an entry of the ledger.

Belongs here: what is asked for and checked. Does not belong here: who may decide (``ledger.entries.decisions``), how a
decision reaches the computation (``books.cases.decided_rows``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.common.warehouse import open_warehouse
from ledger import Draft, Entry, Event
from ledger.entries.decisions import (
    Case,
    Kind,
    accepted_by,
    cases_of,
    decided,
    opened,
    refuse_second_worth,
)
from orchestration.books.home import home_ledger, identified, read_entries
from orchestration.errors import InputError
from orchestration.settings import Settings

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Adjustment:
    """An amount that a person asks for.

    Args:
        employee_id: Whom it is for.
        period: Month in which it is posted.
        amount: With its sign.
        currency: ISO 4217 code.
        reason: Why.
        dispute_id: The accepted dispute it is for.
    """

    employee_id: str
    period: str
    amount: str
    currency: str
    reason: str
    dispute_id: str | None = None


@dataclass(frozen=True)
class Resolution:
    """A decision on what is held.

    Args:
        subject: ``payout_line`` or ``transfer``.
        subject_id: Id of the line or of the change of ownership.
        decision: ``release``, ``reassign`` or ``reject``.
        reason: Why.
        to: Whom a reassigned line goes to.
    """

    subject: str
    subject_id: str
    decision: str
    reason: str
    to: str | None = None


def adjust(settings: Settings, wanted: Adjustment, name: str | None) -> Entry:
    """Propose an adjustment; it counts when a second person has approved it.

    Raises:
        InputError: A value is not allowed.
        NotAllowedError: It is for a dispute that has one already.
    """
    return _propose(settings, wanted.period, _checked(settings, wanted), _reason(wanted.reason), name)


def _checked(settings: Settings, wanted: Adjustment) -> dict[str, str | None]:
    """What the entry of an adjustment says beside month and reason."""
    amount = _amount(wanted.amount)
    if not (len(wanted.currency) == 3 and wanted.currency.isascii() and wanted.currency.isupper()):
        raise InputError(f"--currency {wanted.currency!r} is no ISO 4217 code such as CNY")
    employee = _known_employee(settings, wanted.employee_id)
    _require_month(settings, wanted.period)
    return {
        "employee_id": employee,
        "amount": str(amount),
        "currency": wanted.currency,
        "dispute_id": wanted.dispute_id,
    }


def _propose(
    settings: Settings, period: str, details: Mapping[str, str | None], note: str, name: str | None
) -> Entry:
    def draft(entries: Sequence[Entry], by: str) -> Draft:
        if dispute_id := details["dispute_id"]:
            refuse_second_worth(entries, dispute_id)
        return Draft(period, Event.ADJUSTMENT_PROPOSED, by, note=note, details=details)

    return _open(settings, Kind.ADJUSTMENT, draft, name)


def resolve(settings: Settings, wanted: Resolution, name: str | None) -> Entry:
    """Decide on a held payout line or a transfer.

    Raises:
        InputError: A value is not allowed.
    """
    if wanted.decision == "reassign" and not wanted.to:
        raise InputError("a line that is reassigned goes to somebody. Write --to EMPLOYEE.")
    found = _subject(settings, wanted.subject, wanted.subject_id)
    details = {
        "about": wanted.subject,
        "subject_id": found[0],
        "decision": wanted.decision,
        "to_employee_id": _known_employee(settings, wanted.to) if wanted.to else None,
    }
    note = _reason(wanted.reason)

    def draft(_entries: Sequence[Entry], by: str) -> Draft:
        return Draft(found[1], Event.RESOLUTION, by, note=note, details=details)

    return _open(settings, Kind.RESOLUTION, draft, name)


def dispute(settings: Settings, line_id: str, reason: str, name: str | None) -> Entry:
    """Open a dispute of a payout line.

    Raises:
        InputError: There is no such line.
    """
    found, period, employee = _subject(settings, "payout_line", line_id)
    note = _reason(reason)

    def draft(_entries: Sequence[Entry], by: str) -> Draft:
        details = {"line_id": found, "employee_id": employee}
        return Draft(period, Event.DISPUTE_OPENED, by, note=note, details=details)

    return _open(settings, Kind.DISPUTE, draft, name)


def decide_case(
    settings: Settings,
    subject: str,
    name: str | None,
    *,
    accept: bool,
    reason: str,
    adjustment: Adjustment | None = None,
) -> tuple[Entry, Entry | None]:
    """Decide on an open adjustment or dispute.

    Args:
        settings: Where everything lies.
        subject: Id of the case.
        name: Who decides; not who opened it.
        accept: Approve or accept it; else reject it.
        reason: Why.
        adjustment: What an accepted dispute is worth; it is proposed in the name of who accepts, for a third
            person's approval.

    Returns:
        The entry of the decision, and that of the proposed adjustment.

    Raises:
        LedgerError: There is no such case.
        NotAllowedError: It is decided already, or the person opened it.
        InputError: A dispute is accepted without an amount, or something else is decided with one.
    """
    note = _reason(reason)
    case = cases_of(read_entries(settings)).get(subject)
    is_worth = accept and case is not None and case.kind is Kind.DISPUTE
    if is_worth and adjustment is None:
        raise InputError("an accepted dispute is worth something. Write --amount, --currency and --period.")
    if case is not None and adjustment is not None and not is_worth:
        raise InputError(f"--amount is what an accepted dispute is worth; {subject} is none. Leave it out.")
    # checked before the first of the two entries is written: the second one must not fail for what was typed
    details = _checked(settings, adjustment) if is_worth and adjustment is not None else None
    with home_ledger(settings) as ledger:
        by = identified(ledger, name)
        if details is None or adjustment is None:
            entry = ledger.append(lambda entries: decided(entries, subject, by, accept=accept, note=note))
            assert entry is not None
            return entry, None
        entry = ledger.append(lambda entries: accepted_by(entries, subject, by, note))
        entry = entry or cases_of(ledger.entries())[subject].closed
    assert entry is not None
    return entry, _propose(settings, adjustment.period, details, _reason(adjustment.reason), name)


def open_cases(settings: Settings) -> list[Case]:
    """Every adjustment, dispute and resolution of the ledger."""
    return list(cases_of(read_entries(settings)).values())


def _open(settings: Settings, kind: Kind, draft: Any, name: str | None) -> Entry:
    read_entries(settings)
    with home_ledger(settings) as ledger:
        by = identified(ledger, name)
        entry = ledger.append(lambda entries: opened(entries, kind, draft(entries, by)))
    assert entry is not None
    return entry


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != amount.quantize(_CENT) or not amount:
        raise InputError(f"--amount {text!r} is no amount with at most two decimals, such as -120.50")
    return amount.quantize(_CENT)


def _reason(text: str) -> str:
    if not text.strip():
        raise InputError("--reason is empty. Say why.")
    return text.strip()


def _require_month(settings: Settings, period: str) -> None:
    """A month in which somebody could mean to post: from the first computed one to a year after the last."""
    query = "select min(period), max(period) from marts.dim_period where period != ?"
    [(first, last)] = _rows(settings, query, "")
    latest = f"{int(last[:4]) + 1}{last[4:]}" if last else period
    if first and not first <= period <= latest:
        raise InputError(
            f"{period} is no month for an adjustment: {first} to {last} are computed",
            hint=f"write a month up to {latest}; it waits for one that is still to come",
        )


def _known_employee(settings: Settings, employee_id: str) -> str:
    rows = _rows(settings, "select 1 from marts.dim_employee where employee_id = ? limit 1", employee_id)
    if not rows:
        raise InputError(f"{employee_id!r} is no employee", hint="take the id from marts.dim_employee")
    return employee_id


def _subject(settings: Settings, subject: str, subject_id: str) -> tuple[str, str, str]:
    """Id, month and employee of a payout line (its first characters are enough) or a transfer."""
    if subject == "transfer":
        query = (
            "select distinct change_id, strftime(changed_at, '%Y-%m'), to_employee_id from marts.fct_transfers "
            "where change_id = ?"
        )
    else:
        query = "select line_id, period, employee_id from marts.fct_payout_lines where starts_with(line_id, ?) limit 2"
    rows = _rows(settings, query, subject_id)
    if len(rows) != 1:
        if rows:
            raise InputError(f"several payout lines begin with {subject_id!r}", hint="write more of the id")
        raise InputError(
            f"there is no {subject.replace('_', ' ')} {subject_id!r}",
            hint="take the id from marts.fct_payout_lines or marts.fct_transfers",
        )
    line_id, period, employee = map(str, rows[0])
    return line_id, period, employee


def _rows(settings: Settings, query: str, value: str) -> list[tuple[Any, ...]]:
    if not settings.snapshot.exists():
        raise InputError("nothing is published", hint="run the pipeline first: incentives run")
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        return connection.execute(query, [value]).fetchall()
