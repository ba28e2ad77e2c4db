"""Every critical check is seen passing on good data and failing on bad data."""

from pathlib import Path

import pytest

from expectations import all_suites, decide, run_suite, run_suites
from expectations.suites.entities import ENTITIES
from tests.unit.expectations import warehouse
from tests.unit.expectations.fault_injection import SHARED, faults, shared_faults

RAW_TABLES = {f"raw_{name}" for name in ENTITIES}
FAULTS = faults()


def key_values() -> dict[str, str]:
    columns = {column for entity in ENTITIES.values() for column in entity.key}
    kinds = {"date": "date '2001-01-01'", "timestamp": "timestamp '2001-01-01'", "varchar": "'new'"}
    return {column: kinds[warehouse.column_type(column)] for column in columns}


def test_every_critical_check_has_a_way_to_fail() -> None:
    critical = {
        (suite.name, c.key) for suite in all_suites() for c in suite.checks if c.severity == "critical"
    }
    shared = {(suite, check) for suite, check in critical if suite in RAW_TABLES and check in SHARED}
    assert critical == set(FAULTS) | shared


def test_good_data_opens_every_gate(good_warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = run_suites([suite.name for suite in all_suites()], good_warehouse)
    assert capsys.readouterr().out == "", "Great Expectations says so where a query does not read its batch"
    assert decide(results).reasons == ()
    assert {result.suite for result in results} == {suite.name for suite in all_suites()}
    failed = {(result.suite, check.key) for result in results for check in result.failed}
    assert failed == {("raw_load_files", "few_rows_are_quarantined")}


@pytest.mark.parametrize(("suite", "check"), sorted(FAULTS), ids=str)
def test_a_faulty_table_closes_its_gate(faulty: Path, suite: str, check: str) -> None:
    warehouse.change(faulty, *FAULTS[suite, check])
    result = run_suite(suite, faulty)
    failed = {one.key: one for one in result.failed}
    assert check in failed
    assert failed[check].error is None
    assert failed[check].unexpected_count
    assert failed[check].sample
    assert decide(result).is_blocked


@pytest.mark.parametrize("check", sorted(SHARED))
def test_a_bad_landing_closes_the_gate_of_its_table(faulty: Path, check: str) -> None:
    warehouse.change(faulty, *shared_faults(key_values())[check])
    results = run_suites(sorted(RAW_TABLES), faulty)
    wanted = {
        f"raw_{name}" for name, entity in ENTITIES.items() if entity.required or "required" not in check
    }
    assert {result.suite for result in results if check in {one.key for one in result.failed}} == wanted


def test_a_bad_row_corrected_later_blocks_nothing(faulty: Path) -> None:
    warehouse.change(
        faulty,
        "update raw_files.deals set amount = -5 where deal_id = 'D1'",
        "insert into raw_files.loads values ('000002-def', 2, 'def', null, timestamp '2026-12-01', 'files')",
        "insert into raw_files.load_files values ('000002-def', 'deals', 'f.csv', 'x', 1, 1, 0, 0)",
        "insert into raw_files.deals select * replace ('000002-def' as _load_id, 2 as _load_seq, 5 as amount) "
        "from raw_files.deals where deal_id = 'D1'",
    )
    assert not decide(run_suite("raw_deals", faulty)).is_blocked


def test_a_bad_row_of_an_unfinished_delivery_blocks_nothing(faulty: Path) -> None:
    warehouse.change(
        faulty,
        "insert into raw_files.deals select * replace ('000002-def' as _load_id, 2 as _load_seq, -5 as amount) "
        "from raw_files.deals where deal_id = 'D1'",
    )
    assert not decide(run_suite("raw_deals", faulty)).is_blocked


def test_a_shrunken_delivery_is_a_warning(faulty: Path) -> None:
    warehouse.change(
        faulty,
        "insert into raw_files.deals select * replace ('000002-def' as _load_id, 2 as _load_seq) "
        "from raw_files.deals where deal_id = 'D1'",
        "insert into raw_files.loads values ('000002-def', 2, 'def', null, timestamp '2026-12-01', 'files')",
        "insert into raw_files.load_files values ('000002-def', 'deals', 'f.csv', 'x', 1, 1, 0, 0)",
    )
    decision = decide(run_suite("raw_deals", faulty))
    assert not decision.is_blocked
    assert "volume_is_like_the_last_delivery" in decision.warnings[0]


def test_a_system_that_sends_only_what_has_changed_is_none(faulty: Path) -> None:
    warehouse.change(
        faulty,
        "insert into raw_files.deals select * replace ('000002-def' as _load_id, 2 as _load_seq) "
        "from raw_files.deals where deal_id = 'D1'",
        "insert into raw_files.loads values ('000002-def', 2, 'def', null, timestamp '2026-12-01', 'crm')",
        "insert into raw_files.load_files values ('000002-def', 'deals', 'f.csv', 'x', 1, 1, 0, 0)",
    )
    assert not [one for one in decide(run_suite("raw_deals", faulty)).warnings if "volume" in one]


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("unified_credit_code", "91350100M000100Y44", "credit_codes_are_well_formed"),
        ("unified_credit_code", "91350100M000100Y4", "credit_codes_are_well_formed"),
        ("phone", "call me", "phones_are_well_formed"),
        ("email", "nobody", "emails_are_well_formed"),
    ],
)
def test_a_badly_kept_archive_is_a_warning(faulty: Path, column: str, value: str, check: str) -> None:
    warehouse.change(faulty, f"update raw_files.customers set {column} = '{value}' where customer_id = 'C1'")
    result = run_suite("raw_customers", faulty)
    assert [one.key for one in result.failed] == [check]
    assert not decide(result).is_blocked


def test_empty_tables_pass_and_say_why(tmp_path: Path) -> None:
    empty = warehouse.build(tmp_path / "empty.duckdb", rows=False)
    results = run_suites([suite.name for suite in all_suites()], empty)
    decision = decide(results)
    assert not decision.is_blocked
    assert any("no lead was delivered, as with a CRM export" in note for note in decision.notes)


def test_a_payable_line_of_a_leaver_is_a_warning(faulty: Path) -> None:
    warehouse.change(faulty, "update marts.fct_payout_lines set status = 'earned' where line_id = 'n4'")
    result = run_suite("mart_payout_lines", faulty)
    warned = [check.key for check in result.failed if check.severity == "warning"]
    assert "leavers_are_not_paid_without_a_rule" in warned
