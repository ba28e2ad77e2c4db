"""What earlier deliveries left in the warehouse: the last load of a source, and the latest version of every record.

Belongs here: read-only questions about completed loads. Does not belong here: decisions (see gates), writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from connectors.common.contract import Kind, Template, raw_columns, sql_type
from connectors.common.sql_text import name, quoted
from connectors.common.warehouse import unreadable
from connectors.files.scratch import scalar

if TYPE_CHECKING:
    from types import TracebackType

    from duckdb import DuckDBPyConnection

DATASET = "raw_files"
#: the source of deliveries of files; connected systems have the names they are given in sources.yml
FILES = "files"
_ALIAS = "known_warehouse"
# a feed that comes whole repeats this part of what is known; records are deleted at the source, and set aside here
_WHOLE = "0.9"


@dataclass(frozen=True)
class Load:
    """One completed load.

    Attributes:
        load_id: Its name: number and start of the hash.
        load_seq: Its number; over all sources one row of numbers.
        delivery_hash: What decided what it wrote.
        source: `files`, or the connected system it came from.
    """

    load_id: str
    load_seq: int
    delivery_hash: str
    source: str = FILES


class KnownState:
    """Read-only view of the warehouse inside another DuckDB connection; empty when there is no warehouse."""

    def __init__(self, connection: DuckDBPyConnection, warehouse: Path | None) -> None:
        self._connection = connection
        self._columns: dict[str, set[str]] = {}
        self._is_attached = False
        if warehouse is not None and warehouse.exists():
            self._attach(warehouse)

    def _attach(self, warehouse: Path) -> None:
        import duckdb

        try:
            self._connection.execute(f"ATTACH {quoted(str(warehouse))} AS {_ALIAS} (READ_ONLY)")
        except duckdb.Error as error:
            raise unreadable(warehouse, error) from error
        self._is_attached = True
        found = self._connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = ?",
            [_ALIAS, DATASET],
        ).fetchall()
        for table, column in found:
            self._columns.setdefault(table, set()).add(column)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_attached:
            self._connection.execute(f"DETACH {_ALIAS}")

    def table(self, table: str) -> str:
        """SQL name of a raw table."""
        return f"{_ALIAS}.{DATASET}.{name(table)}"

    def loads(self, source: str) -> str:
        """SQL for the completed loads of one source."""
        own = "coalesce(source, 'files')" if "source" in self._columns["loads"] else "'files'"
        return f"(SELECT * FROM {self.table('loads')} WHERE {own} = {quoted(source)})"

    def last_sequence(self) -> int:
        """The number of the completed load that came last, of whatever source; 0 before the first."""
        if "loads" not in self._columns:
            return 0
        return scalar(self._connection, f"SELECT max(load_seq) FROM {self.table('loads')}")

    def last_load(self, source: str = FILES) -> Load | None:
        """The completed load of a source that came last."""
        if "loads" not in self._columns:
            return None
        row = self._connection.execute(
            f"SELECT load_id, load_seq, delivery_hash FROM {self.loads(source)} ORDER BY load_seq DESC LIMIT 1"
        ).fetchone()
        return None if row is None else Load(str(row[0]), int(row[1]), str(row[2]), source)

    def last_rows(self, entity: str) -> tuple[str, int] | None:
        """Load id and rows of the last completed delivery of files that held `entity`."""
        if not {"loads", "load_files"} <= set(self._columns):
            return None
        row = self._connection.execute(
            f"SELECT l.load_id, CAST(sum(f.rows_in) AS BIGINT) FROM {self.table('load_files')} AS f "
            f"JOIN {self.loads(FILES)} AS l ON l.load_id = f.load_id "
            "WHERE f.entity = ? GROUP BY l.load_id, l.load_seq ORDER BY l.load_seq DESC LIMIT 1",
            [entity],
        ).fetchone()
        return None if row is None else (str(row[0]), int(row[1]))

    def comes_whole(self, template: Template) -> bool:
        """Whether each delivery of files of an entity but the first repeated nearly all records known before it.

        False while there was one delivery only: nothing says yet how the feed comes.
        """
        if "loads" not in self._columns or template.entity not in self._columns:
            return False
        keys = ", ".join(f"r.{name(column)}" for column in template.key)
        row = self._connection.execute(
            f"WITH keys AS (SELECT DISTINCT {keys}, r._load_seq AS seq FROM {self.table(template.entity)} AS r "
            f"SEMI JOIN {self.loads(FILES)} AS l ON l.load_id = r._load_id WHERE NOT r._is_deleted), "
            f"dated AS (SELECT seq, min(seq) OVER (PARTITION BY {keys.replace('r.', '')}) AS first_seq FROM keys), "
            "loads AS (SELECT seq, count(*) FILTER (first_seq < seq) AS repeated, "
            "count(*) FILTER (first_seq = seq) AS new FROM dated GROUP BY seq), "
            "known AS (SELECT seq, repeated, coalesce(sum(new) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING "
            "AND 1 PRECEDING), 0) AS before FROM loads) "
            f"SELECT count(*) > 1 AND bool_and(repeated >= before * {_WHOLE}) FROM known"
        ).fetchone()
        return bool(row and row[0])

    def latest(self, template: Template, source: str | None = None) -> str:
        """SQL for the latest version of every record of an entity that is not deleted.

        Columns: those of the template, extra, and _source, _file, _lines. Empty when nothing is known.

        Args:
            template: The entity.
            source: Only records whose latest version came from this source; None: of all.
        """
        kinds = raw_columns(template)
        wanted = [*template.names, "extra", "_file", "_lines"]
        present = self._columns.get(template.entity, set())
        if not present or "loads" not in self._columns:
            columns = ", ".join(_null(column, kinds) for column in wanted)
            return f"SELECT {columns}, CAST(NULL AS VARCHAR) AS _source WHERE false"
        columns = ", ".join(
            f"r.{name(column)}" if column in present else _null(column, kinds) for column in wanted
        )
        keys = ", ".join(f"r.{name(column)}" for column in template.key)
        named = "coalesce(l.source, 'files')" if "source" in self._columns["loads"] else "'files'"
        own = "" if source is None else f" AND _source = {quoted(source)}"
        return (
            f"SELECT * EXCLUDE (_version, _is_deleted) FROM (SELECT {columns}, {named} AS _source, r._is_deleted, "
            f"row_number() OVER (PARTITION BY {keys} ORDER BY r._load_seq DESC) AS _version "
            f"FROM {self.table(template.entity)} AS r "
            f"JOIN {self.table('loads')} AS l ON l.load_id = r._load_id) "
            f"WHERE _version = 1 AND NOT _is_deleted{own}"
        )

    def quarantined(self, load: Load | None) -> str:
        """SQL for what a load set aside: source_table, location, field, value, reason. Empty for no load."""
        wanted = "source_table, location, field, value, reason"
        if load is None or "quarantine" not in self._columns:
            return f"SELECT {', '.join(f'NULL AS {one}' for one in wanted.split(', '))} WHERE false"
        return f"SELECT {wanted} FROM {self.table('quarantine')} WHERE load_id = {quoted(load.load_id)}"


def _null(column: str, kinds: dict[str, Kind]) -> str:
    return f"CAST(NULL AS {sql_type(kinds[column])}) AS {name(column)}"
