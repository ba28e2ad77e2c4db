"""A step that somebody stops is not begun again; one that met an error that may pass by itself is."""

import os
import signal

import dagster as dg
import pytest

from orchestration.runs.outcome import was_interrupted
from orchestration.steps import step as steps
from orchestration.steps.step import step


def _run(*assets: dg.AssetsDefinition, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.materialize(assets, instance=instance, raise_on_error=False)


@pytest.mark.parametrize("by", ["signal", "engine"])
def test_a_stopped_step_is_not_tried_again_and_nothing_follows(by: str) -> None:
    begun: list[str] = []

    @dg.asset
    def stopped() -> None:
        begun.append("stopped")
        with step("dbt"):
            if by == "engine":
                raise RuntimeError("Query interrupted") from KeyboardInterrupt()  # as DuckDB says it
            os.kill(os.getpid(), signal.SIGINT)

    @dg.asset(deps=[stopped])
    def after() -> None:
        begun.append("after")

    with dg.instance_for_test() as instance:
        result = _run(stopped, after, instance=instance)
        assert not result.success
        assert was_interrupted(result)
        assert begun == ["stopped"]


def test_a_step_that_met_a_broken_connection_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SECONDS_BETWEEN", 0)
    tries: list[int] = []

    @dg.asset
    def flaky() -> None:
        tries.append(1)
        with step("land"):
            if len(tries) < 3:
                raise ConnectionResetError

    with dg.instance_for_test() as instance:
        result = _run(flaky, instance=instance)
        assert result.success
        assert not was_interrupted(result)
    assert len(tries) == 3


def test_a_failed_run_is_no_stopped_one() -> None:
    @dg.asset
    def faulty() -> None:
        with step("land"):
            raise ValueError("bad row")

    with dg.instance_for_test() as instance:
        assert not was_interrupted(_run(faulty, instance=instance))
