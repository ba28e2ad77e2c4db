"""Months of pay as partitions: payroll and scorecards, with checks that say what is left to look at.

Belongs here: specs. Does not belong here: figures (``books.closing``), approving and locking (two persons, by command).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.books.closing import Finding, payroll_month, scorecard_month
from orchestration.books.home import read_entries
from orchestration.books.partitions import BOOKS, STATES, events_of
from orchestration.defs.assets.publication import GROUP, MONTHS, SNAPSHOT
from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.steps.step import step

PAYROLL = dg.AssetKey(["published", "payroll"])
SCORECARDS = dg.AssetKey(["published", "scorecards"])
CHECKS = {
    "ready_for_approval": "No line belongs to nobody, no row without a readable key, the last run passed.",
    "nothing_held": "No line of the month is held; says what is, and why.",
    "true_ups": "Says what closed months are corrected by in this month.",
    "reconciliation": "The lines of everybody add up to the payout.",
}


ABOUT = {
    PAYROLL: "A month of pay: open, calculated, approved, locked or paid, what it pays, and its exports. Approving and "
    "locking are commands of two persons: incentives period.",
    SCORECARDS: "Scorecards of a month.",
}


class PayrollConfig(dg.Config):
    """What is done with a month of payroll.

    Args:
        calculate: Note the calculation of an open month in the ledger.
    """

    calculate: bool = True


def build_payroll_assets() -> dg.AssetsDefinition:
    """The assets ``[published, payroll]`` and ``[published, scorecards]``, a partition for each month."""
    specs = [
        dg.AssetSpec(key, group_name=GROUP, deps=[SNAPSHOT], partitions_def=MONTHS, description=about)
        for key, about in ABOUT.items()
    ]
    checks = [
        dg.AssetCheckSpec(name, asset=PAYROLL, description=about, partitions_def=MONTHS)
        for name, about in CHECKS.items()
    ]

    @dg.multi_asset(
        name="payroll",
        specs=specs,
        check_specs=checks,
        can_subset=True,
        pool=POOL,
    )
    def payroll(
        context: dg.AssetExecutionContext, config: PayrollConfig, home: HomeResource
    ) -> Iterator[Any]:
        month, selected = context.partition_key, context.selected_asset_keys
        with step("books", month):
            if PAYROLL in selected:
                found = payroll_month(home.settings, month, calculate=config.calculate)
                yield dg.MaterializeResult(asset_key=PAYROLL, metadata=found.about)
                for event in events_of(read_entries(home.settings), month):
                    context.log_event(event)
                wanted = {key.name for key in context.selected_asset_check_keys}
                yield from (result_of(name, one) for name, one in found.checks.items() if name in wanted)
            if SCORECARDS in selected:
                yield dg.MaterializeResult(
                    asset_key=SCORECARDS, metadata=scorecard_month(home.settings, month)
                )

    return payroll


def state_specs() -> list[dg.AssetSpec]:
    """The assets ``[books, locked]``, ``exported`` and ``paid``: commands of people fill them, no job does."""
    return [
        dg.AssetSpec(
            [BOOKS, state], group_name=GROUP, deps=[PAYROLL], partitions_def=MONTHS, description=about
        )
        for state, about in STATES.items()
    ]


def result_of(name: str, finding: Finding) -> dg.AssetCheckResult:
    """A check of a month; only what cannot be paid from is an error."""
    severe = name == "reconciliation"
    return dg.AssetCheckResult(
        asset_key=PAYROLL,
        check_name=name,
        passed=finding.passed,
        severity=dg.AssetCheckSeverity.ERROR if severe else dg.AssetCheckSeverity.WARN,
        description=finding.text or None,
        metadata=dict(finding.figures),
    )
