"""``incentives plan diff`` and ``plan simulate``: what other plans would change on closed periods.

Belongs here: options, limits and exit status. Does not belong here: computing (``simulation.compare``), tables
(``comparison_tables``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, console, echo_json

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from orchestration.simulation.compare import Comparison

Periods = Annotated[
    str, typer.Option(help="Closed months: 2026-01..2026-06, 2026-Q1, 2026, or several joined by commas.")
]
Plans = Annotated[
    list[Path] | None,
    typer.Option(help="Plan files or folders in force; none: the plans in force of this home."),
]
LimitTotal = Annotated[
    str | None,
    typer.Option(help="Exit status 1 when the total changes by more than this amount, up or down."),
]
LimitPerson = Annotated[
    str | None, typer.Option(help="Exit status 1 when anybody loses more than this amount over the periods.")
]


def diff(
    baseline: Annotated[
        Path, typer.Argument(help="Plan file or folder; replaces configured plans of the same id.")
    ],
    candidate: Annotated[
        Path, typer.Argument(help="Plan file or folder; replaces configured plans of the same id.")
    ],
    periods: Periods,
    plans: Plans = None,
    limit_total: LimitTotal = None,
    limit_person: LimitPerson = None,
    as_json: Json = False,
) -> None:
    """Compute closed periods under two plans, on a copy of the warehouse: who gains or loses how much.

    Exit status 1 when a limit is exceeded.
    """
    from orchestration.simulation.compare import compare_plans

    limits = _limits(limit_total, limit_person)
    comparison = _compared(
        plans, periods, lambda settings, months: compare_plans(settings, baseline, candidate, months)
    )
    _finish(comparison, limits, as_json=as_json, by_person_and_period=False)


def simulate(
    plan: Annotated[str, typer.Argument(help="Plan file, or the id of a configured plan.")],
    periods: Periods,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="PATH=VALUE, such as components.closing.rates.marketing=0.03; repeatable."
        ),
    ] = None,
    plans: Plans = None,
    limit_total: LimitTotal = None,
    limit_person: LimitPerson = None,
    as_json: Json = False,
) -> None:
    """Compute closed periods with single settings of a plan changed, and compare with the plans in force.

    Exit status 1 when a limit is exceeded.
    """
    from orchestration.simulation.compare import simulate_plan

    limits, changes = _limits(limit_total, limit_person), settings or []
    comparison = _compared(plans, periods, lambda found, months: simulate_plan(found, plan, changes, months))
    _finish(comparison, limits, as_json=as_json, by_person_and_period=True)


def _compared(
    plans: list[Path] | None, periods: str, compare: Callable[[Settings, Sequence[str]], Comparison]
) -> Comparison:
    """The comparison of the months that were asked for, with its progress on the screen."""
    from orchestration.cli.console.progress import shown_progress
    from orchestration.runtime.periods import parse_periods

    months = parse_periods(periods)
    with shown_progress(console(to_stderr=True)):
        return compare(_settings(plans), months)


def _settings(plans: list[Path] | None) -> Settings:
    """The settings, with other plans in force when some are given."""
    from orchestration.plans_in_force import plans_in_force
    from orchestration.runtime.access import protected_settings

    settings = protected_settings()
    return settings.model_copy(update={"plans": tuple(plans) if plans else plans_in_force(settings)})


def _limits(total: str | None, person: str | None) -> tuple[Decimal | None, Decimal | None]:
    """Both limits; they are looked at before anything is computed."""
    return _amount(total, "--limit-total"), _amount(person, "--limit-person")


def _amount(text: str | None, option: str) -> Decimal | None:
    """An amount written by hand, exactly.

    Raises:
        InputError: It is no plain number, or below zero.
    """
    from orchestration.errors import InputError

    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise InputError(f"{option} {text!r} is no amount. Write a plain number such as 5000 or 5000.00.")
    return amount


def _finish(
    comparison: Comparison,
    limits: tuple[Decimal | None, Decimal | None],
    *,
    as_json: bool,
    by_person_and_period: bool,
) -> None:
    """Show the comparison and end with the exit status the limits ask for."""
    from orchestration.cli.plans.comparison_tables import show_comparison
    from orchestration.errors import DONE, GATE_FAILED
    from serving.comparison.diff import breaches

    beyond = breaches(comparison.diff, *limits)
    if as_json:
        status = "limit_exceeded" if beyond else "done"
        echo_json({"status": status, "limits_exceeded": beyond, **comparison.as_dict()})
    else:
        out = console()
        show_comparison(comparison, out, by_person_and_period=by_person_and_period)
        for said in beyond:
            out.print(f"Limit exceeded: {said}", style="bold red")
    raise typer.Exit(GATE_FAILED if beyond else DONE)
