"""The verdict is a pure function of results."""

from expectations import CheckResult, SuiteResult, decide
from expectations.model import Severity


def outcome(severity: Severity, *, success: bool, error: str | None = None) -> CheckResult:
    return CheckResult("a_check", severity, success, 0 if success else 2, "All is well.", error=error)


def suite(*results: CheckResult, note: str = "") -> SuiteResult:
    return SuiteResult("raw_x", "raw_files.x", "raw", 1, results, note)


def test_all_passed_is_passed() -> None:
    decision = decide(suite(outcome("critical", success=True), outcome("warning", success=True)))
    assert (decision.verdict, decision.reasons, decision.warnings) == ("passed", (), ())


def test_a_failed_warning_does_not_block() -> None:
    decision = decide(suite(outcome("warning", success=False)))
    assert decision.verdict == "passed"
    assert decision.warnings == ("raw_files.x: a_check failed for 2 rows. Expected: All is well.",)


def test_one_failed_critical_check_blocks_all() -> None:
    decision = decide([suite(outcome("critical", success=True)), suite(outcome("critical", success=False))])
    assert decision.is_blocked
    assert len(decision.reasons) == 1


def test_a_check_that_could_not_run_says_why() -> None:
    decision = decide(suite(outcome("critical", success=False, error="no such column")))
    assert decision.reasons == ("raw_files.x: a_check could not be checked: no such column",)


def test_notes_are_kept_apart() -> None:
    assert decide(suite(note="the table is empty")).notes == ("raw_files.x: the table is empty",)
