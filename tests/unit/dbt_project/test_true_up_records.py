"""The Python model of the records behind true-ups: nothing is walked where there is no true-up."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import duckdb

from tests.support.compiled import PROJECT

MODEL = PROJECT / "models" / "intermediate" / "books" / "int_true_up_records.py"


class Dbt:
    """What the model asks dbt for; it notes which relations."""

    def __init__(self, true_ups: str) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(f"create table int_true_ups as {true_ups}")
        self.connection.execute(
            "create table calculated_provenance as select * from (values "
            "('a', 'files', 'deals', 'D1', 'L1', 'h1'), ('a', 'files', 'employees', 'E1', 'L1', 'h2'), "
            "('b', 'files', 'deals', 'D2', 'L1', 'h3')) "
            "as t (line_id, source, source_table, record_id, load_id, content_hash)"
        )
        self.asked: list[str] = []

    def config(self, **_: object) -> None:
        """Take the settings of the model."""

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """A relation by name."""
        self.asked.append(name)
        return self.connection.table(name)


def computed(dbt: Dbt) -> Any:
    spec = importlib.util.spec_from_file_location(Path(MODEL).stem, MODEL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.model(dbt, dbt.connection)


COLUMNS = ["line_id", "source", "source_table", "record_id", "load_id", "content_hash"]
TRUE_UPS = "select 't1' as line_id, 'a' as calculated_line_id"


def test_a_true_up_rests_on_the_records_of_its_line() -> None:
    table = computed(Dbt(TRUE_UPS))
    assert table.column_names == COLUMNS
    found = [(row["line_id"], row["record_id"], row["content_hash"]) for row in table.to_pylist()]
    assert sorted(found) == [("t1", "D1", "h1"), ("t1", "E1", "h2")]


def test_without_a_true_up_no_record_is_looked_at() -> None:
    dbt = Dbt(f"{TRUE_UPS} limit 0")
    table = computed(dbt)
    assert (table.column_names, table.num_rows) == (COLUMNS, 0)
    assert dbt.asked == ["int_true_ups"]
