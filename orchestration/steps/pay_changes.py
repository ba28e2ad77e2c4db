"""Changes of pay since the last publication that no run may publish in silence.

Two kinds are named: a plan that paid and pays no more, and a month that had ended and whose payable total moves by
more than the set share although no new fact of that month arrived.

Belongs here: the decision, pure. Does not belong here: reading figures (``steps.published_pay``), Dagster.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orchestration.errors import InputError
from orchestration.runtime.periods import parse_periods

PLAN, MONTH = "plan", "month"


@dataclass(frozen=True)
class Pay:
    """The pay of one calculation.

    Args:
        plans: Ids of the plans that pay something.
        payable: Payable total by month and currency.
        open_month: Month of the as-of time; it and later ones have not ended.
    """

    plans: frozenset[str]
    payable: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    open_month: str = ""


@dataclass(frozen=True)
class PayChange:
    """One change that has to be accepted by name.

    Args:
        name: ``plan:<plan_id>`` or ``month:<YYYY-MM>``.
        text: What changes, in a sentence.
    """

    name: str
    text: str


def pay_changes(published: Pay, present: Pay, new_facts: Collection[str], share: Decimal) -> list[PayChange]:
    """What differs from the last publication beyond what new facts explain.

    Args:
        published: Pay of the last publication.
        present: Pay that would be published now.
        new_facts: Months of which a fact arrived since the last publication.
        share: Part of a month's payable total that may move.
    """
    dropped = [
        PayChange(f"{PLAN}:{plan}", f"plan {plan} paid in the last publication and pays nothing now")
        for plan in sorted(published.plans - present.plans)
    ]
    moved = [
        PayChange(f"{MONTH}:{month}", _moved(month, currency, old, new))
        for month, currency in sorted({*published.payable, *present.payable})
        if month < published.open_month and month not in new_facts
        for old in [published.payable.get((month, currency), Decimal(0))]
        for new in [present.payable.get((month, currency), Decimal(0))]
        if abs(new - old) > abs(old) * share
    ]
    return [*dropped, *moved]


def _moved(month: str, currency: str, old: Decimal, new: Decimal) -> str:
    part = f" ({(new - old) / old:+.1%})" if old else ""
    return f"{month} pays {new:,} {currency} instead of {old:,}{part} without a new fact of that month"


def accepted_names(accepts: Sequence[str]) -> set[str]:
    """The names that are accepted; a quarter, a year or a range stands for its months.

    Raises:
        InputError: A name is neither ``plan:ID`` nor ``month:PERIOD``.
    """
    names: set[str] = set()
    for text in accepts:
        kind, sign, name = text.partition(":")
        if not sign or not name or kind not in {PLAN, MONTH}:
            raise InputError(
                f"--accept {text!r} names no change",
                hint=f"write {PLAN}:ID of a plan, or {MONTH}:2026-01 ({MONTH}:2026-Q1, {MONTH}:2026-01..2026-06)",
            )
        months = parse_periods(name, "--accept") if kind == MONTH else (name,)
        names |= {f"{kind}:{one}" for one in months}
    return names


def refused(changes: Sequence[PayChange], accepts: Sequence[str]) -> list[PayChange]:
    """The changes that nobody has accepted."""
    names = accepted_names(accepts)
    return [change for change in changes if change.name not in names]
