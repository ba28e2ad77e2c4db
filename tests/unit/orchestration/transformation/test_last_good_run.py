"""Nothing is computed only when everything that decides a figure, a check or a publication is as it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.settings import load_settings
from orchestration.transformation.calculation_state import (
    begin_calculation,
    note_gate,
    note_raw_gate,
    note_whole,
    read_calculation_state,
    state_file,
)
from orchestration.transformation.last_good_run import (
    GoodRun,
    forget_good_run,
    is_unchanged,
    last_good_run,
    raw_is_unchanged,
    record_file,
    record_good_run,
)

RUN = GoodRun("r1", ("a", "b"), "code", "publication", "dagster-1")


def test_the_same_of_everything_is_unchanged_in_whichever_dagster_run() -> None:
    assert is_unchanged(RUN, replace(RUN, dagster_run="dagster-2"), computed="r1")


@pytest.mark.parametrize(
    "other", [{"run_id": "r2"}, {"loads": ("a",)}, {"code": "other"}, {"publication": "other"}]
)
def test_any_difference_is_computed(other: dict[str, object]) -> None:
    assert not is_unchanged(RUN, replace(RUN, **other), computed="r1")  # type: ignore[arg-type]


@pytest.mark.parametrize("computed", [None, "r2"])
def test_marts_of_another_run_are_computed_anew(computed: str | None) -> None:
    assert not is_unchanged(RUN, RUN, computed=computed)


def test_without_a_good_run_there_is_nothing_to_compare() -> None:
    assert not is_unchanged(None, RUN, computed="r1")
    assert not raw_is_unchanged(None, ("a",), "code")


def test_the_raw_layer_is_validated_again_after_a_load_or_a_change_of_code() -> None:
    assert raw_is_unchanged(RUN, ("a", "b"), "code")
    assert not raw_is_unchanged(RUN, ("a", "b", "c"), "code")
    assert not raw_is_unchanged(RUN, ("a", "b"), "other")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run_id": "r1"}', '{"loads": 3}'])
def test_a_missing_or_damaged_record_is_no_record(tmp_path: Path, text: str) -> None:
    settings = load_settings(home=tmp_path)
    assert last_good_run(settings) is None
    record_good_run(settings, RUN)
    assert last_good_run(settings) == RUN
    record_file(settings).write_text(text, encoding="utf-8")
    assert last_good_run(settings) is None
    forget_good_run(settings)
    forget_good_run(settings)


def test_a_calculation_starts_without_gates_and_keeps_what_is_known_of_the_raw_layer(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    note_raw_gate(settings, ("a",), "code")
    note_whole(settings)
    note_gate(settings, "marts")
    state = read_calculation_state(settings)
    assert (state.is_whole, state.lacks(["marts", "changes"])) == (True, ["changes"])
    begin_calculation(settings)
    state = read_calculation_state(settings)
    assert (state.is_whole, state.passed, state.raw_passed) == (False, (), ("a", "code"))
    state_file(settings).write_text("damaged", encoding="utf-8")
    assert not read_calculation_state(settings).is_whole
