"""Every check of the raw records of connected systems is seen passing on good data and failing on bad data."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations import RecordTable, SuiteResult, decide, record_suites, run_suite

TABLE = RecordTable("crm", "raw_crm", "deals", ("Id", "Owner.Id"), has_cursor=True)
(SUITE,) = record_suites([TABLE])
_MADE = """
create schema raw_crm;
create schema raw_files;
create table raw_files.loads (load_id varchar, landed_at timestamp);
create table raw_crm.deals (
    instance varchar, record_id varchar, record varchar, content_hash varchar, is_deleted boolean, cursor_value varchar,
    load_id varchar, load_seq bigint, extracted_at timestamp);
create table raw_crm.extractions (
    load_id varchar, load_seq bigint, instance varchar, resource varchar, rows_new bigint, field_types varchar);
insert into raw_crm.extractions values
    ('L1', 1, 'crm', 'deals', 4, '{"Amount": "number"}'), ('L2', 2, 'crm', 'deals', 2, '{"Amount": "number"}'),
    ('L2', 2, 'other', 'deals', 1, '{}');
insert into raw_crm.deals
select instance, id || '|' || owner, record, sha256(record), is_deleted, '2026-03-01', 'L' || seq, seq, now()::timestamp
from (
    select *, json_object('Id', id, 'Owner', json_object('Id', owner), 'Amount', seq)::varchar as record
    from (values
        ('crm', 'D1', 'E1', false, 1), ('crm', 'D2', 'E1', false, 1), ('crm', 'D3', 'E1', false, 1),
        ('crm', 'D4', 'E1', false, 1), ('crm', 'D1', 'E1', false, 2), ('crm', 'D2', 'E1', true, 2),
        ('other', 'D1', 'E1', false, 2)
    ) as v(instance, id, owner, is_deleted, seq)
);
"""
_D1 = "where instance = 'crm' and record_id = 'D1|E1' and load_id = 'L2'"
#: check → what makes it fail
FAULTS = {
    "columns_are_present": "alter table raw_crm.deals drop column cursor_value",
    "records_are_stamped": f"update raw_crm.deals set extracted_at = null {_D1}",
    "keys_are_unique_within_an_extraction": f"insert into raw_crm.deals from raw_crm.deals {_D1}",
    "records_are_json_objects": f"update raw_crm.deals set record = '[1]', content_hash = sha256('[1]') {_D1}",
    "content_is_what_its_hash_says": f"update raw_crm.deals set record = replace(record, '2', '3') {_D1}",
    "records_hold_their_keys": "update raw_crm.deals set record_id = 'D9|E1' "
    "where instance = 'crm' and record_id = 'D1|E1' and load_id = 'L2'",
    "landed_versions_are_those_counted": f"delete from raw_crm.deals {_D1}",
    "volume_is_like_the_last_extraction": "update raw_crm.deals set is_deleted = true where load_id = 'L2';"
    "insert into raw_crm.deals select * replace ('L2' as load_id, 2 as load_seq, true as is_deleted) "
    "from raw_crm.deals where record_id = 'D3|E1';"
    "update raw_crm.extractions set rows_new = 3 where load_id = 'L2' and instance = 'crm'",
    "fields_have_values_of_one_kind": """update raw_crm.extractions set field_types = '{"Amount": "mixed"}'
        where load_id = 'L2' and instance = 'crm'""",
    "records_say_when_they_changed": f"update raw_crm.deals set cursor_value = null {_D1}",
}
#: what a fault of another check may break besides
_ALSO = {"landed_versions_are_those_counted", "records_hold_their_keys"}
WARNINGS = {
    "volume_is_like_the_last_extraction",
    "fields_have_values_of_one_kind",
    "records_say_when_they_changed",
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(_MADE)
    return path


def _failed(result: SuiteResult) -> set[str]:
    return {check.key for check in result.failed}


def test_good_records_open_the_gate(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_suite(SUITE, warehouse)
    assert capsys.readouterr().out == "", "Great Expectations says so where a query does not read its batch"
    assert result.failed == ()
    assert {check.key for check in result.results} == set(FAULTS), "each has a fault below"
    assert (result.asset, result.row_count) == (("crm", "deals"), 7)


@pytest.mark.parametrize("check", sorted(FAULTS))
def test_each_check_is_seen_failing(warehouse: Path, check: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(FAULTS[check])
    result = run_suite(SUITE, warehouse)
    assert check in _failed(result)
    if check != "columns_are_present":
        assert _failed(result) - {check} <= _ALSO, "and no other without a reason"
        (one,) = [found for found in result.failed if found.key == check]
        assert one.error is None
        assert one.sample
        assert all("record" not in row for row in one.sample), "a sample shows nobody's name"
    assert decide(result).is_blocked == (check not in WARNINGS)


def test_what_another_instance_did_is_no_concern_of_this_one(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update raw_crm.deals set record = 'spoilt' where instance = 'other'")
    assert run_suite(SUITE, warehouse).failed == ()


def test_what_was_never_extracted_blocks_nothing(warehouse: Path) -> None:
    (suite,) = record_suites([RecordTable("crm", "raw_crm", "leads", ("Id",), has_cursor=False)])
    result = run_suite(suite, warehouse)
    assert (result.results, result.row_count) == ((), None)
    assert not decide(result).is_blocked


def test_names_of_fields_may_have_any_sign(warehouse: Path) -> None:
    key = ("""it's "a" {b}.c""",)
    (suite,) = record_suites([RecordTable("crm", "raw_crm", "deals", key, has_cursor=True)])
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update raw_crm.deals set record = json_object(?, record_id)", key)
        connection.execute("update raw_crm.deals set content_hash = sha256(record)")
    assert run_suite(suite, warehouse).failed == ()
