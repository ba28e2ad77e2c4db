"""What other plans would change on closed periods: from plan files to a comparison.

Belongs here: the order of things. Does not belong here: options and tables (``cli.plan_diff``), arithmetic
(``serving.comparison.diff``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import InputError
from orchestration.runtime.periods import check_closed
from orchestration.settings import Settings
from orchestration.simulation.overrides import change_settings
from orchestration.simulation.plan_files import configured_files, find_plan, sides
from orchestration.simulation.sandbox import sandbox_warehouse

if TYPE_CHECKING:
    from serving.comparison.diff import PlanDiff


@dataclass(frozen=True)
class Comparison:
    """Two plan sets over some periods.

    Args:
        periods: Closed months.
        baseline_hashes: Plan hash by plan id under the baseline.
        candidate_hashes: The same under the candidate.
        diff: The figures compared.
        left_out: Plans the warehouse was computed with that are on neither side.
        warnings: What the candidate says and hardly mean, such as a day between two plans.
    """

    periods: tuple[str, ...]
    baseline_hashes: dict[str, str]
    candidate_hashes: dict[str, str]
    diff: PlanDiff
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def changed_plans(self) -> tuple[str, ...]:
        """Ids of the plans that differ or are on one side only."""
        names = {*self.baseline_hashes, *self.candidate_hashes}
        return tuple(sorted(n for n in names if self.baseline_hashes.get(n) != self.candidate_hashes.get(n)))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output."""
        diff = self.diff
        changes = {
            name: [change.as_dict() for change in getattr(diff, name)]
            for name in ("totals", "components", "periods", "persons", "person_periods")
        }
        return {
            "months": self.periods,
            "changed_plans": [
                {"plan_id": n, "old": self.baseline_hashes.get(n), "new": self.candidate_hashes.get(n)}
                for n in self.changed_plans
            ],
            "left_out": self.left_out,
            "warnings": self.warnings,
            **changes,
            "winners": diff.winners,
            "losers": diff.losers,
            "gained": diff.gained,
            "lost": diff.lost,
            "migrations": [one.as_dict() for one in diff.level_changes],
            "names": diff.names,
        }


def compare_plans(settings: Settings, baseline: Path, candidate: Path, periods: Sequence[str]) -> Comparison:
    """Compare two plan files or folders, each laid over the configured plans.

    Args:
        settings: Where everything lies.
        baseline: Plan file or folder.
        candidate: Plan file or folder.
        periods: Months.

    Raises:
        InputError: A path or a period is wrong, or there is no warehouse.
        compensation.PlanErrors: A plan cannot be taken.
        GateError: dbt could not compute.
    """
    baseline_files, candidate_files = sides(baseline, candidate, settings.plans)
    return compare_files(settings, baseline_files, candidate_files, periods)


def simulate_plan(
    settings: Settings, plan: str, changes: Sequence[str], periods: Sequence[str]
) -> Comparison:
    """Compare the configured plans with the same where one has some settings changed.

    Args:
        settings: Where everything lies.
        plan: File of the plan, or the id of a configured one.
        changes: ``PATH=VALUE`` each.
        periods: Months.

    Raises:
        InputError: The plan, a change or a period is wrong, or there is no warehouse.
        compensation.PlanErrors: The plan cannot be taken, as it is or changed.
        GateError: dbt could not compute.
    """
    path = find_plan(plan, settings.plans)
    now = configured_files(settings.plans)
    if not changes and path.stem in now and path.read_bytes() == now[path.stem].read_bytes():
        raise InputError(
            f"{plan}: nothing is changed, so there is nothing to compare.",
            hint="say what to change with --set PATH=VALUE, such as --set components.closing.rates.marketing=0.03 "
            "(several if you like), or name a changed copy of the plan file",
        )
    with tempfile.TemporaryDirectory() as folder:
        changed = change_settings(path, changes, Path(folder, "simulated")) if changes else path
        return compare_files(
            settings, list(now.values()), list((now | {path.stem: changed}).values()), periods
        )


def compare_files(
    settings: Settings,
    baseline_files: Sequence[Path],
    candidate_files: Sequence[Path],
    periods: Sequence[str],
) -> Comparison:
    """Compute some periods under two complete sets of plan files, on a copy of the warehouse."""
    from compensation import load_plans
    from serving.comparison.diff import compare
    from serving.comparison.figures import plan_figures

    baseline_plans, candidate_plans = load_plans(baseline_files), load_plans(candidate_files)
    if not periods:
        raise InputError("no period is given. Write --periods 2026-01..2026-06.")
    with sandbox_warehouse(settings) as sandbox:
        sandbox.compute(baseline_plans, "baseline")
        check_closed(periods, sandbox.closed_periods())
        baseline = plan_figures(sandbox.warehouse, periods)
        sandbox.compute(candidate_plans, "candidate")
        candidate = plan_figures(sandbox.warehouse, periods)
        left_out = sorted(set(sandbox.loaded) - set(baseline_plans.hashes) - set(candidate_plans.hashes))
    return Comparison(
        tuple(periods),
        baseline_plans.hashes,
        candidate_plans.hashes,
        compare(baseline, candidate),
        tuple(left_out),
        tuple(str(one) for one in candidate_plans.warnings),
    )
