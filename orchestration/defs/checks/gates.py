"""The gates as asset checks: one for each suite of expectations, and the comparison with the last publication.

A failed critical expectation, or a change of pay that nobody accepted, blocks what lies below the asset.

Belongs here: names, severities and results of these checks in Dagster.
Does not belong here: suites (``expectations``), running them (``steps.validation``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import dagster as dg

from orchestration.defs.resources import HomeResource
from orchestration.steps.pay_changes import PayChange
from orchestration.steps.step import step
from orchestration.steps.validation import compare_with_publication, run_gate

if TYPE_CHECKING:
    from expectations import CheckResult, Suite, SuiteResult
    from expectations.model import Checkpoint

GATE = "gate"
EXPECTATIONS, WARNED, FAILED = "expectations", "warned", "failed"
CHECKPOINTS: Final[tuple["Checkpoint", ...]] = ("raw", "marts")
CHANGES: Final = "changes_gate"
CHANGES_SPEC = dg.AssetCheckSpec(
    "changes_since_publication",
    asset=["marts", "fct_payouts"],
    description="No plan stops paying and no ended month moves by more than the set share unless somebody accepts it.",
    blocking=True,
)

#: stands on an asset that all computation is below; a blocking check on the records themselves would split the gate
RECORDS_SPEC = dg.AssetCheckSpec(
    "records_of_systems",
    asset=["files", "loads"],
    description="The raw records of connected systems are structurally right.",
    blocking=True,
)


class AcceptedChanges(dg.Config):
    """Changes since the last publication that are right.

    Args:
        accept: Their names, such as ``plan:sales_2026`` or ``month:2026-03``.
    """

    accept: list[str] = []


def asset_of(suite: "Suite | SuiteResult") -> dg.AssetKey:
    """The asset a suite stands on: ``raw_files.deals`` is ``[files, deals]``, ``marts.x`` is ``[marts, x]``."""
    schema, name = suite.table.split(".")
    return dg.AssetKey(list(suite.asset) or [schema.removeprefix("raw_"), name])


def specs_of(suites: list["Suite"]) -> list[dg.AssetCheckSpec]:
    """One check spec for each suite. It blocks; what decides whether a failure does is its severity.

    Those of records of connected systems block together, by ``RECORDS_SPEC``.
    """
    together = [RECORDS_SPEC] if any(suite.asset for suite in suites) else []
    return together + [
        dg.AssetCheckSpec(
            name=GATE,
            asset=asset_of(suite),
            description=f"{suite.meaning} {len(suite.checks)} expectations.",
            blocking=not suite.asset and any(check.severity == "critical" for check in suite.checks),
            metadata={"suite": suite.name},
        )
        for suite in suites
    ]


def result_of(suite: "SuiteResult") -> dg.AssetCheckResult:
    """A suite's outcome in Dagster's terms: ERROR (which blocks) for a failed critical check, else WARN."""
    failed = sum(check.severity == "critical" for check in suite.failed)
    return dg.AssetCheckResult(
        asset_key=asset_of(suite),
        check_name=GATE,
        passed=not suite.failed,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        description="\n".join(said_of(check) for check in suite.failed) or suite.note or None,
        metadata={
            "rows": suite.row_count or 0,
            EXPECTATIONS: len(suite.results),
            WARNED: len(suite.failed) - failed,
            FAILED: failed,
            "results": dg.MetadataValue.json(suite.as_dict()),
            **({"data docs": dg.MetadataValue.path(suite.docs_index)} if suite.docs_index else {}),
        },
    )


def said_of(check: "CheckResult") -> str:
    """A failed check in a sentence."""
    if check.error is not None:
        return f"{check.severity}: {check.key} could not be checked: {check.error}"
    count = check.unexpected_count or 0
    return f"{check.severity}: {check.meaning} Not so for {count} row{'' if count == 1 else 's'}."


def build_gate(checkpoint: "Checkpoint", suites: list["Suite"]) -> dg.AssetChecksDefinition:
    """All suites of one checkpoint, run together; any part of them can be selected.

    Args:
        checkpoint: ``raw`` (before the computation) or ``marts`` (before publication).
        suites: The suites of that checkpoint.
    """

    @dg.multi_asset_check(name=f"{checkpoint}_gate", specs=specs_of(suites), can_subset=True)
    def gate(context: dg.AssetCheckExecutionContext, home: HomeResource) -> Iterator[dg.AssetCheckResult]:
        selected = context.selected_asset_check_keys
        is_asked = RECORDS_SPEC.key in selected
        chosen = [
            one
            for one in suites
            if dg.AssetCheckKey(asset_of(one), GATE) in selected or (is_asked and one.asset)
        ]
        with step("gates", checkpoint):
            results = run_gate(
                home.settings, checkpoint, chosen, of=len(suites), dagster_run=context.run.run_id
            )
        of_assets = [one for one in results if dg.AssetCheckKey(asset_of(one), GATE) in selected]
        yield from (result_of(one) for one in of_assets)
        if is_asked and results:
            yield records_result([one for one in results if one.asset])

    return gate


def records_result(results: list["SuiteResult"]) -> dg.AssetCheckResult:
    """Whether no record of a connected system is structurally wrong; names each critical check that failed."""
    said = [
        f"{asset_of(suite).to_user_string()}: {said_of(check)}"
        for suite in results
        for check in suite.failed
        if check.severity == "critical"
    ]
    return dg.AssetCheckResult(
        asset_key=RECORDS_SPEC.asset_key,
        check_name=RECORDS_SPEC.name,
        passed=not said,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(said) or None,
    )


def build_changes_check() -> dg.AssetChecksDefinition:
    """The gate that compares pay with the last publication; it blocks the publication."""

    @dg.multi_asset_check(name=CHANGES, specs=[CHANGES_SPEC], can_subset=True)
    def changes(
        context: dg.AssetCheckExecutionContext, config: AcceptedChanges, home: HomeResource
    ) -> Iterator[dg.AssetCheckResult]:
        with step("gates", "last publication"):
            found = compare_with_publication(home.settings, config.accept, context.run.run_id)
        if found is not None:
            yield changes_result(*found)

    return changes


def changes_result(refused: list[PayChange], changes: list[PayChange]) -> dg.AssetCheckResult:
    """The outcome of the comparison: every change that nobody accepted is named with how to accept it."""
    accept = " ".join(f"--accept {change.name}" for change in refused)
    said = [f"{change.name}: {change.text}" for change in refused]
    return dg.AssetCheckResult(
        asset_key=CHANGES_SPEC.asset_key,
        check_name=CHANGES_SPEC.name,
        passed=not refused,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join([*said, f"If this is right: incentives run {accept}"]) if refused else None,
        metadata={"changes": [[one.name, one.text] for one in changes]},
    )
