"""What a watcher sees of a run: one line a stage, counts of what was built and judged."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration.cli.console.progress import RunView
from orchestration.cli.console.summary import money_rows
from orchestration.runtime.progress_events import ProgressEvent, emit, progress_of, stage, subscribed


def _view(*events: tuple[str, str, str]) -> RunView:
    view = RunView()
    for moment, (where, event, text) in enumerate(events):
        view.handle(ProgressEvent(where, event, text), float(moment))
    return view


def test_a_stage_counts_what_it_builds_and_judges() -> None:
    view = _view(("dbt", "begin", ""), ("dbt", "note", "fct_a"), ("dbt", "pass", "t1"), ("dbt", "fail", "t2"))
    [line] = view.lines
    assert line.said() == "1 built, 1 passed, 1 failed · t2"
    assert line.seconds(10.0) == 10.0


def test_a_stage_that_ended_stands_still_and_one_that_did_not_has_failed() -> None:
    view = _view(("land", "begin", "demo"), ("land", "end", ""), ("dbt", "begin", ""))
    view.close(9.0)
    assert [(line.title, line.state, line.seconds(99.0)) for line in view.lines] == [
        ("Land files", "end", 1.0),
        ("Compute and test", "fail", 7.0),
    ]


def test_news_reach_listeners_only_while_they_listen() -> None:
    heard: list[str] = []
    with subscribed(lambda event: heard.append(f"{event.stage} {event.event} {event.text}")):
        with stage("land", "demo"):
            emit("land", "note", "reading")
        with pytest.raises(ValueError, match="no"), stage("plans"):
            raise ValueError("no")
    emit("land", "note", "too late")
    assert heard == ["land begin demo", "land note reading", "land end ", "plans begin "]


@pytest.mark.parametrize(
    ("passed", "severity", "event"),
    [
        (True, dg.AssetCheckSeverity.ERROR, "pass"),
        (False, dg.AssetCheckSeverity.ERROR, "fail"),
        (False, dg.AssetCheckSeverity.WARN, "warn"),
    ],
)
def test_a_dbt_test_is_news_by_its_outcome(passed: bool, severity: dg.AssetCheckSeverity, event: str) -> None:
    result = dg.AssetCheckResult(
        passed=passed, severity=severity, check_name="unique_x", asset_key=["marts", "x"]
    )
    assert progress_of(result) == (event, "unique_x")


def test_a_built_model_is_news_by_its_name() -> None:
    assert progress_of(SimpleNamespace(output_name="marts__fct_payouts")) == ("note", "fct_payouts")
    assert progress_of(object()) is None


Figures = dict[str, dict[str, Decimal]]


@pytest.fixture
def figures() -> Callable[..., Figures]:
    return lambda **signed: {"signed": {k: Decimal(v) for k, v in signed.items()}, "net": {}}


def test_a_month_has_a_row_for_each_of_its_currencies_the_largest_first(
    figures: Callable[..., Figures],
) -> None:
    rows = money_rows(("2026-01", 3), figures(CNY="500.00", USD="20.00", CHF="0.00"), ["CHF", "CNY", "USD"])
    assert rows == [
        ["2026-01", 3, "CNY", Decimal("500.00"), None],
        [None, None, "USD", Decimal("20.00"), None],
    ]


def test_a_month_without_money_has_one_row_all_the_same(figures: Callable[..., Figures]) -> None:
    assert money_rows(("2026-01", 0), figures(), ["CNY"]) == [["2026-01", 0, "CNY", None, None]]
