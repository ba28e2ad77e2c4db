"""Landing: upserts, repeated and interrupted imports, what is written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from files_support import DEAL_HEADER, Deliver, Home, amounts, deal, deals_csv, many, validate_delivery

from connectors.common.contract import Column, Kind
from connectors.files import (
    TEMPLATES,
    DeliveryRejected,
    ImportProblem,
    arrow_schema,
    ensure_raw_tables,
    raw_tables,
)
from connectors.files import importer as importer_module
from connectors.files.raw_layer import tables as raw


def test_a_later_delivery_upserts_by_key(home: Home, deliver: Deliver):
    first = home.load(deliver({"deals.csv": deals_csv(deal("D1", "1"), deal("D2", "2"))}))
    second = home.load(deliver({"deals.csv": deals_csv(deal("D2", "20"), deal("D3", "3"))}))
    assert amounts(home) == [("D1", "1.00"), ("D2", "20.00"), ("D3", "3.00")]
    assert home.query("select count(*) from raw_files.deals") == [(4,)]
    assert [str(report.load_id)[:6] for report in (first, second)] == ["000001", "000002"]


def test_an_identical_delivery_is_not_imported_twice(home: Home, deliver: Deliver):
    files: dict[str, str | bytes] = {
        "deals.csv": deals_csv(deal("D1"), deal("D2", "x"), deal("D3"), deal("D3"))
    }
    first = home.load(deliver(files))
    again = home.load(deliver(files))
    assert again.already_imported
    assert "nothing was done" in again.notes[0]
    assert again.load_id == first.load_id
    assert again.files == first.files
    assert again.quarantine == first.quarantine
    assert home.query("select count(*) from raw_files.loads") == [(1,)]


def test_an_older_delivery_may_come_again_after_another(home: Home, deliver: Deliver):
    files: list[dict[str, str | bytes]] = [
        {"deals.csv": deals_csv(deal("D1", amount))} for amount in ("1", "2", "1")
    ]
    reports = [home.load(deliver(content)) for content in files]
    assert not any(report.already_imported for report in reports)
    assert amounts(home) == [("D1", "1.00")]


def test_other_settings_make_another_delivery(home: Home, deliver: Deliver):
    folder = deliver({"deals.csv": deals_csv(deal())})
    assert not home.load(folder, timezone="Asia/Shanghai").already_imported
    assert not home.load(folder, timezone="UTC").already_imported


def test_provenance_and_quarantine_lead_to_the_line_of_the_file(home: Home, deliver: Deliver):
    text = f"{DEAL_HEADER},memo\n{deal('D1')},好\n{deal('D2', '-5')},\n"
    report = home.load(deliver({"deals.csv": text}))
    row = home.query(
        "select extra, _load_id, _load_seq, _file, _line, length(_content_hash), _is_deleted "
        "from raw_files.deals"
    )
    assert row == [('{"memo":"好"}', report.load_id, 1, "deals.csv", 2, 64, False)]
    columns = 'source, source_table, location, file, line, field, value, "row", reason, load_id'
    *start, content, reason, load_id = home.query(f"select {columns} from raw_files.quarantine")[0]
    assert start == ["files", "deals", "deals.csv:3", "deals.csv", 3, "amount", "-5"]
    assert json.loads(content)["amount"] == "-5"
    assert list(json.loads(content)) == [*DEAL_HEADER.split(","), "memo"]
    assert (reason, load_id) == ("out_of_range", report.load_id)
    counts = "rows_in, rows_accepted, rows_duplicate, rows_quarantined"
    found = home.query(f"select entity, file, {counts} from raw_files.load_files")
    assert found == [("deals", "deals.csv", 2, 1, 0, 1)]


def test_the_content_hash_is_that_of_the_row_as_json(home: Home, deliver: Deliver):
    import hashlib

    home.load(deliver({"deals.csv": deals_csv(deal())}))
    row = dict(zip(DEAL_HEADER.split(","), deal().split(","), strict=True))
    written = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    expected = hashlib.sha256(written.encode()).hexdigest()
    assert home.query("select _content_hash from raw_files.deals") == [(expected,)]


def test_all_tables_exist_with_exact_types(home: Home):
    found = {
        (table, column): kind
        for table, column, kind in home.query(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'raw_files'"
        )
    }
    for table in raw_tables():
        for field in arrow_schema(table):
            kind = found[table, field.name]
            assert str(field.type).replace("decimal128(", "DECIMAL(").replace(", ", ",") == kind or kind in {
                "string": ["VARCHAR"], "int64": ["BIGINT"], "date32[day]": ["DATE"], "bool": ["BOOLEAN"],
                "timestamp[us]": ["TIMESTAMP"],
            }[str(field.type)]  # fmt: skip


def test_tables_of_another_shape_are_not_touched(home: Home, tmp_path: Path):
    import duckdb

    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("alter table raw_files.deals alter column amount type decimal(18,4)")
    with pytest.raises(ImportProblem, match=r"raw_files\.deals.*amount"):
        ensure_raw_tables(home.warehouse, home.dlt_dir)


def test_a_table_without_a_column_of_the_contract_is_seen_as_grown(home: Home):
    import duckdb

    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("alter table raw_files.deals drop column deal_kind")
        connection.execute("drop table raw_files.leads")
    states = raw.table_states(home.warehouse)
    assert {table: state for table, state in states.items() if state != "ready"} == {
        "deals": "grown",
        "leads": "missing",
    }


def test_a_load_without_its_mark_is_invisible_and_removed_before_the_next(
    home: Home, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
):
    home.load(deliver({"deals.csv": deals_csv(deal("D1"))}))
    folder = deliver(
        {"deals.csv": deals_csv(deal("D1", "9"), deal("D2", "x")), "courses.csv": "course_id\nK1\n"}
    )

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(raw, "complete_load", killed)
        with pytest.raises(KeyboardInterrupt):
            home.load(folder)
    assert home.query("select count(*) from raw_files.courses") == [(1,)]
    assert amounts(home) == [("D1", "100.00")]
    report = home.load(folder)
    assert not report.already_imported
    assert amounts(home) == [("D1", "9.00")]
    assert home.query("select count(*) from raw_files.deals") == [(2,)]
    assert home.query("select count(*) from raw_files.courses") == [(1,)]
    assert home.query("select count(*), count(distinct load_id) from raw_files.quarantine") == [(1, 1)]
    assert home.query("select count(*) from raw_files.load_files") == [(3,)]


def test_an_import_killed_while_landing_is_repeated_without_leftovers(
    home: Home, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
):
    folder = deliver({"deals.csv": deals_csv(*many(3))})

    def half_landed(checked: Any, load: Any, *_: object) -> None:
        import duckdb

        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute(
                "insert into raw_files.deals by name select 'D000' as deal_id, ? as _load_id", [load.load_id]
            )
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importer_module, "land_delivery", half_landed)
        with pytest.raises(KeyboardInterrupt):
            home.load(folder)
    home.load(folder)
    assert home.query("select count(*) from raw_files.deals") == [(3,)]


def test_tables_are_made_after_a_kill_that_left_a_package_of_dlt(home: Home, deliver: Deliver):
    home.warehouse.unlink(missing_ok=True)  # dlt makes the tables where there are none
    marker = home.dlt_dir / ".files.running"
    (home.dlt_dir / "files" / "load" / "normalized" / "1.2").mkdir(parents=True)
    marker.touch()
    home.load(deliver({"deals.csv": deals_csv(*many(3))}))
    assert home.query("select count(*) from raw_files.deals") == [(3,)]
    assert not marker.exists()


def test_a_dry_run_applies_the_gates_and_writes_nothing(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(10))}))
    with pytest.raises(DeliveryRejected):
        validate_delivery(deliver({"deals.csv": deals_csv(*many(2))}), home.warehouse, snapshot=True)
    report = validate_delivery(deliver({"deals.csv": deals_csv(*many(12))}), home.warehouse)
    assert (report.load_id, report.accepted) == (None, 12)
    assert home.query("select count(*) from raw_files.loads") == [(1,)]


def test_the_report_is_plain_data_and_progress_is_told(home: Home, deliver: Deliver):
    told: list[tuple[str, int, int]] = []
    folder = deliver({"deals.csv": deals_csv(deal("D1"), deal("D2", "x"))})
    report = home.load(folder, progress=lambda *step: told.append(step))
    data = json.loads(json.dumps(report.to_dict()))
    assert data["totals"] == {"rows_in": 2, "accepted": 1, "quarantined": 1}
    (sample,) = data["quarantine"][0]["samples"]
    assert sample.pop("expected").startswith("an amount such as 1234.50")
    assert sample == {"file": "deals.csv", "line": 3, "field": "amount", "value": "x"}
    assert "a mapping that says it" in data["quarantine"][0]["advice"]
    assert [what for what, _, _ in told] == ["reading deals.csv", "checking deals", "landing", "landed"]


def test_a_template_may_grow_without_a_new_warehouse(
    home: Home, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
):
    home.load(deliver({"courses.csv": "course_id,level\nK1,3\n"}))
    courses = TEMPLATES["courses"]
    level = Column("level", Kind.COUNT, "级别", "how hard it is")
    grown = replace(courses, columns=(*courses.columns, level))
    monkeypatch.setitem(TEMPLATES, "courses", grown)
    ensure_raw_tables(home.warehouse, home.dlt_dir)
    assert set(raw.table_states(home.warehouse).values()) == {"ready"}
    report = home.load(deliver({"courses.csv": "course_id,level\nK1,3\n"}))
    assert not report.already_imported
    assert home.query("select level, extra from raw_files.courses order by _load_seq") == [
        (None, '{"level":"3"}'),
        (3, None),
    ]
