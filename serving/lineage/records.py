"""Figures, other lines and source records that a payout line rests on.

Belongs here: the walk over the views of the schema `lineage`, asked with the values of one line, so that each is a
look-up and not a join over everything. A published snapshot has none of them: there `fct_provenance` holds the records
without the figures between. Does not belong here: the landed rows (`landed_rows.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from serving.database import TextRow, literal, tables_of, text_rows
from serving.lineage.explanation import Figure, SourceRecord

if TYPE_CHECKING:
    import duckdb

Key = tuple[str, str]
Fact = tuple[str, str, str, str, str]
_FACT = ("kind", "scope", "subject_id", "period", "name")
_FIGURES = {
    ("measure",): """
        select * from (
            select
                case when employee_id like 'team:%' then 'team' else 'employee' end as scope,
                case when employee_id like 'team:%' then substring(employee_id, 6) else employee_id end as subject_id,
                period, measure as name, value
            from marts.fct_measures
        )""",
    ("kpi", "observation"): """
        select * from (
            select 'employee' as scope, employee_id as subject_id, period, kpi_id as name, numerator, denominator,
                value, reason
            from marts.fct_kpi_values
        )""",
}
_DEALS_FIRST = "order by source_table <> 'deals', source, source_table, record_id, load_id, content_hash"
_RECORD = "source, source_table, record_id, load_id, content_hash"


def has_lineage(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether the database can follow figures to their rows."""
    return "line_facts" in tables_of(connection, "lineage")


def linked_lines(connection: "duckdb.DuckDBPyConnection", line_id: str) -> tuple[TextRow, ...]:
    """Other lines it is computed from, in order of posting."""
    return text_rows(
        connection,
        "select * exclude (run_id) from marts.fct_payout_lines where line_id in (select linked_line_id "
        f"from lineage.line_links where line_id = {literal(line_id)}) "
        "order by period, component, component_id, deal_id, transaction_id, line_id",
    )


def figures_of(connection: "duckdb.DuckDBPyConnection", line_ids: Sequence[str]) -> tuple[Figure, ...]:
    """Figures that lines are computed from, with their values and the keys of the records they counted."""
    facts = text_rows(
        connection,
        f"select distinct {', '.join(_FACT)} from lineage.line_facts "
        f"where line_id in ({_listed(line_ids)}) order by all",
    )
    if not facts:
        return ()
    records: dict[Fact, list[str]] = defaultdict(list)
    for row in text_rows(
        connection,
        f"select distinct {', '.join(_FACT)}, source_table, record_id from lineage.fact_records "
        f"where {' and '.join(_among(facts, column) for column in _FACT)} order by all",
    ):
        records[_fact(row)].append(f"{row['source_table']} {row['record_id']}")
    values = _values(connection, facts)
    return tuple(
        Figure(*fact, figures=values.get(fact, {}), records=tuple(records[fact]))
        for fact in map(_fact, facts)
    )


def _values(connection: "duckdb.DuckDBPyConnection", facts: Sequence[TextRow]) -> dict[Fact, TextRow]:
    """Values of measures and KPIs."""
    found: dict[Fact, TextRow] = {}
    for kinds, query in _FIGURES.items():
        wanted = [row for row in facts if row["kind"] in kinds]
        if not wanted:
            continue
        condition = " and ".join(_among(wanted, column) for column in _FACT[1:])
        rows = {
            _fact(row)[1:]: {name: value for name, value in row.items() if name not in _FACT}
            for row in text_rows(connection, f"{query} where {condition}")
        }
        found |= {_fact(row): rows[_fact(row)[1:]] for row in wanted if _fact(row)[1:] in rows}
    return found


def _fact(row: TextRow) -> Fact:
    kind, scope, subject, period, name = (row.get(column) or "" for column in _FACT)
    return kind, scope, subject, period, name


def _among(rows: Sequence[TextRow], column: str) -> str:
    """A condition that all the rows meet in a column; constants of it leave branches of a view out."""
    return f"{column} in ({_listed(sorted({row[column] or '' for row in rows}))})"


def own_keys(connection: "duckdb.DuckDBPyConnection", line_ids: Sequence[str]) -> set[Key]:
    """Records that lines name themselves: table and record."""
    rows = text_rows(
        connection,
        f"select source_table, record_id from lineage.line_records where line_id in ({_listed(line_ids)})",
    )
    return {(row["source_table"] or "", row["record_id"] or "") for row in rows}


def records_by_key(connection: "duckdb.DuckDBPyConnection", keys: set[Key]) -> list[SourceRecord]:
    """Source records of keys, deals first."""
    tables, ids = ({key[part] for key in keys} for part in (0, 1))
    found = _records(
        connection,
        f"select {_RECORD} from lineage.source_records where source_table in ({_listed(sorted(tables))}) "
        f"and record_id in ({_listed(sorted(ids))}) {_DEALS_FIRST}",
    )
    return [one for one in found if (one.source_table, one.record_id) in keys]


def published_records(connection: "duckdb.DuckDBPyConnection", line_id: str) -> list[SourceRecord]:
    """Source records as `fct_provenance` has them, deals first."""
    return _records(
        connection,
        f"select {_RECORD} from marts.fct_provenance where line_id = {literal(line_id)} {_DEALS_FIRST}",
    )


def _records(connection: "duckdb.DuckDBPyConnection", query: str) -> list[SourceRecord]:
    return [
        SourceRecord(
            source=row["source"] or "",
            source_table=row["source_table"] or "",
            record_id=row["record_id"] or "",
            load_id=row["load_id"] or "",
            content_hash=row["content_hash"] or "",
        )
        for row in text_rows(connection, query)
    ]


def _listed(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in values) or "null"
