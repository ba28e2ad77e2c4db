"""No publication behind a failed check: each kind of check seen failing once, and a good run seen passing."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.runs.outcome import Outcome
from tests.unit.orchestration.mini import GOOD, run_mini

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mini")]
WITHOUT_ID = (("D1", "100.00", "CNY"), (None, "50.00", "CNY"))


def _published(home: Path) -> bool:
    return (home / "published" / "current").exists()


def _blocked(outcome: Outcome) -> list[str]:
    return [one.check for one in outcome.not_passed if one.blocking]


def test_good_deals_are_computed_and_published_and_again_with_the_same_identity(tmp_path: Path) -> None:
    first = run_mini(tmp_path, GOOD)
    assert (first.success, first.exit_code, first.failures) == (True, 0, ())
    assert _published(tmp_path)
    assert first.checks.failed == 0
    assert first.checks.tests == 4
    version = (tmp_path / "published" / "current").resolve()

    assert run_mini(tmp_path, GOOD).success
    assert (tmp_path / "published" / "current").resolve() == version, (
        "the same inputs are the same publication"
    )


def test_a_failed_gate_stops_the_computation(tmp_path: Path) -> None:
    outcome = run_mini(tmp_path, WITHOUT_ID)
    assert (outcome.success, outcome.exit_code) == (False, 1)
    assert _blocked(outcome) == ["gate"]
    assert outcome.checks.tests == 0, "dbt was not even started"
    assert not _published(tmp_path)


def test_a_failed_dbt_test_stops_what_lies_below_and_the_publication(tmp_path: Path) -> None:
    outcome = run_mini(tmp_path, (*GOOD, ("D3", "13.00", "CNY")))
    assert (outcome.success, outcome.exit_code) == (False, 1)
    assert _blocked(outcome) == ["assert_no_unlucky_amount"]
    assert any("assert_no_unlucky_amount" in text for text in outcome.failures)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        marts = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert "fct_signed" in marts
    assert "fct_totals" not in marts
    assert not _published(tmp_path)


def test_a_mart_that_fails_its_check_is_not_published(tmp_path: Path) -> None:
    """A bad mart in the place of the computed ones, found by a blocking check that stands on it."""

    @dg.multi_asset(
        name="dbt",
        specs=[
            dg.AssetSpec(["marts", name], deps=[["files", "deals"]]) for name in ("fct_signed", "fct_totals")
        ],
        check_specs=[dg.AssetCheckSpec("totals_add_up", asset=["marts", "fct_totals"], blocking=True)],
    )
    def bad_marts() -> object:
        yield dg.MaterializeResult(asset_key=["marts", "fct_signed"])
        yield dg.MaterializeResult(asset_key=["marts", "fct_totals"])
        yield dg.AssetCheckResult(asset_key=["marts", "fct_totals"], check_name="totals_add_up", passed=False)

    outcome = run_mini(tmp_path, GOOD, dbt=bad_marts)
    assert (outcome.success, outcome.exit_code) == (False, 1)
    assert _blocked(outcome) == ["totals_add_up"]
    assert not _published(tmp_path)
