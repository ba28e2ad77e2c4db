"""One asset check for each suite of expectations; a failed critical expectation blocks what lies below the asset.

Belongs here: names, severities and results of these checks in Dagster.
Does not belong here: suites and the running of them (``expectations``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import dagster as dg

from orchestration.defs.resources import Home
from orchestration.steps.step import step
from orchestration.steps.validation import validate

if TYPE_CHECKING:
    from expectations import CheckResult, Suite, SuiteResult
    from expectations.model import Door

GATE = "gate"
EXPECTATIONS, WARNED, FAILED = "expectations", "warned", "failed"
CHECKPOINTS: Final[tuple["Door", ...]] = ("raw", "marts")


def asset_of(table: str) -> dg.AssetKey:
    """The asset of a warehouse table: ``raw_files.deals`` is ``[files, deals]``, ``marts.x`` is ``[marts, x]``."""
    schema, name = table.split(".")
    return dg.AssetKey([schema.removeprefix("raw_"), name])


def specs_of(suites: list["Suite"]) -> list[dg.AssetCheckSpec]:
    """One check spec for each suite. It blocks; what decides whether a failure does is its severity."""
    return [
        dg.AssetCheckSpec(
            name=GATE,
            asset=asset_of(suite.table),
            description=f"{suite.meaning} {len(suite.checks)} expectations.",
            blocking=any(check.severity == "critical" for check in suite.checks),
            metadata={"suite": suite.name},
        )
        for suite in suites
    ]


def result_of(suite: "SuiteResult") -> dg.AssetCheckResult:
    """A suite's outcome in Dagster's terms: ERROR (which blocks) for a failed critical check, else WARN."""
    failed = sum(check.severity == "critical" for check in suite.failed)
    return dg.AssetCheckResult(
        asset_key=asset_of(suite.table),
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


def build_gate(checkpoint: "Door", suites: list["Suite"]) -> dg.AssetChecksDefinition:
    """All suites of one checkpoint, run together.

    Args:
        checkpoint: ``raw`` (before the computation) or ``marts`` (before publication).
        suites: The suites of that checkpoint.
    """

    @dg.multi_asset_check(name=f"{checkpoint}_gate", specs=specs_of(suites))
    def gate(home: Home) -> Iterator[dg.AssetCheckResult]:
        with step("gates", f"{checkpoint} checkpoint"):
            results = validate(home.settings, [suite.name for suite in suites])
        yield from (result_of(suite) for suite in results)

    return gate
