"""Decision whether a run continues past a checkpoint: a pure function of results."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from expectations.model import CheckResult, SuiteResult


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict over one or more suites.

    Attributes:
        verdict: `blocked` when at least one critical check failed or could not be run.
        reasons: One sentence for each failed critical check.
        warnings: One sentence for each failed warning.
        notes: What suites say besides: why a table is empty, or that there is none.
    """

    verdict: Literal["passed", "blocked"]
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """True when what lies behind the gate must not be made."""
        return self.verdict == "blocked"


def decide(results: SuiteResult | Iterable[SuiteResult]) -> Decision:
    """Decide over suites: blocked by any critical check that did not succeed, passed otherwise."""
    suites = (results,) if isinstance(results, SuiteResult) else tuple(results)
    reasons: list[str] = []
    warnings: list[str] = []
    for suite in suites:
        for check in suite.failed:
            target = reasons if check.severity == "critical" else warnings
            target.append(_sentence(suite, check))
    notes = tuple(f"{suite.table}: {suite.note}" for suite in suites if suite.note)
    return Decision("blocked" if reasons else "passed", tuple(reasons), tuple(warnings), notes)


def _sentence(suite: SuiteResult, check: CheckResult) -> str:
    if check.error is not None:
        return f"{suite.table}: {check.key} could not be checked: {check.error}"
    rows = "1 row" if check.unexpected_count == 1 else f"{check.unexpected_count} rows"
    return f"{suite.table}: {check.key} failed for {rows}. Expected: {check.meaning}"
