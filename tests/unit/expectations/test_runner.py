"""The runner: plain results, Data Docs, and no side effects."""

import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from expectations import decide, run_suite, run_suites
from expectations.registry import UnknownSuiteError, suites_for_table
from expectations.runner import WarehouseMissingError
from tests.unit.expectations import warehouse


def test_importing_the_package_does_not_load_great_expectations() -> None:
    code = (
        "import sys, expectations; sys.exit('great_expectations' in sys.modules or 'duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_result_names_rows_and_times(faulty: Path) -> None:
    warehouse.change(faulty, "update raw_files.deals set amount = -1 where deal_id = 'D2'")
    result = run_suite("raw_deals", faulty)
    (failed,) = result.failed
    assert (failed.key, failed.severity, failed.unexpected_count) == ("amount_is_plausible", "critical", 1)
    assert failed.sample[0]["deal_id"] == "D2"
    assert failed.seconds
    assert result.row_count == 3
    assert result.seconds > 0


def test_a_future_fact_is_judged_by_the_given_as_of(faulty: Path) -> None:
    late = run_suite("raw_deals", faulty, as_of=datetime(2026, 10, 1, 12, tzinfo=UTC))
    assert [check.key for check in late.failed] == ["signed_at_is_not_in_the_future"]
    assert not decide(late).is_blocked
    assert run_suite("raw_deals", faulty, as_of=datetime(2026, 11, 1, tzinfo=UTC)).failed == ()


def test_the_warehouse_is_free_again_after_a_run(faulty: Path) -> None:
    run_suite("raw_loads", faulty)
    with duckdb.connect(str(faulty)) as writer:
        writer.execute("create table raw_files.note as select 1 as n")


def test_a_missing_table_blocks(faulty: Path) -> None:
    warehouse.change(faulty, "drop table marts.fct_payouts")
    result = run_suite("mart_payouts", faulty)
    assert decide(result).is_blocked
    assert "there is no table marts.fct_payouts" in decide(result).reasons[0]


def test_a_check_that_cannot_run_has_failed(faulty: Path) -> None:
    warehouse.change(faulty, "alter table marts.fct_payouts drop column carried_in")
    result = run_suite("mart_payouts", faulty)
    assert decide(result).is_blocked
    assert any(check.error and "carried_in" in check.error for check in result.failed)


def test_an_unknown_suite_is_refused_with_the_known_names(good_warehouse: Path) -> None:
    with pytest.raises(UnknownSuiteError, match="raw_deals"):
        run_suite("raw_dreams", good_warehouse)


def test_a_missing_warehouse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WarehouseMissingError, match="run the pipeline first"):
        run_suite("raw_deals", tmp_path / "none.duckdb")


def test_suites_are_found_by_table() -> None:
    assert [suite.name for suite in suites_for_table("raw_files.deals")] == ["raw_deals"]
    assert suites_for_table("raw_files.loans") == ()


def test_docs_are_one_site_without_anything_foreign(
    faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    working_folder = tmp_path / "cwd"
    working_folder.mkdir()
    monkeypatch.chdir(working_folder)
    warehouse.change(faulty, "update raw_files.deals set status = '<script>$x</script>' where deal_id = 'D2'")
    docs = tmp_path / "docs"
    (result,) = run_suites(["raw_deals"], faulty, docs_dir=docs)
    run_suite("mart_payouts", faulty, docs_dir=docs)
    run_suite("raw_deals", faulty, docs_dir=docs)
    pages = {path.stem: path.read_text() for path in docs.glob("suites/*.html")}
    assert result.docs_index == str(docs / "index.html")
    assert set(pages) == {"raw_deals", "mart_payouts"}
    index = (docs / "index.html").read_text()
    assert "status_is_known" in index
    assert "blocked" in index
    for page in (index, *pages.values()):
        assert not any(foreign in page for foreign in ("http:", "https:", "<script"))
    assert "&lt;script&gt;$x" in pages["raw_deals"]
    assert list(working_folder.iterdir()) == []


def test_a_sample_masks_personal_columns_and_shows_what_is_missing(faulty: Path, tmp_path: Path) -> None:
    warehouse.change(
        faulty,
        'update raw_files.employees set bonus_base = -1, extra = \'{"phone": "13800000000"}\'',
    )
    personal = {"raw_files.employees": {"name", "email"}}
    result = run_suite("raw_employees", faulty, docs_dir=tmp_path / "docs", personal=personal)
    (check,) = [one for one in result.results if one.key == "bonus_base_is_not_negative"]
    shown = {(row["employee_id"], row["name"], row["email"], row["extra"]) for row in check.sample}
    assert shown == {("E1", "***", "***", "***"), ("E2", "***", None, "***")}
    page = (tmp_path / "docs" / "suites" / "raw_employees.html").read_text()
    assert "an@x.example" not in page
    assert "bonus_base_is_not_negative: rows, for example" in page
