"""The records of one resource as they are read.

Belongs here: keys, cursors and kinds of fields of pages. Does not belong here: where the records lie meanwhile
(`spool`), which are new (`versions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.cursors import is_later, latest
from connectors.sources.extraction.json_text import (
    canonical,
    canonical_texts,
    field_kinds,
    one_kind,
    texts_at,
)
from connectors.sources.extraction.spool import Batch, Spool
from connectors.sources.model import Resource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Incoming:
    """The records of a resource, in views of a scratch connection.

    Attributes:
        connection: Scratch connection.
        resource: The resource.
        cursor: Largest cursor value read.
        types: Kinds of value of each field, `null` where all were empty.
        keys_are_distinct: The system vouches that no record came twice.
    """

    def __init__(self, connection: DuckDBPyConnection, folder: Path, resource: Resource) -> None:
        self.connection, self.resource = connection, resource
        self.cursor: str | None = None
        self.types: dict[str, str] = {}
        self.keys_are_distinct = True
        self._records = Spool(connection, folder, f"incoming_{resource.name}")
        self._keys = Spool(connection, folder, f"keys_{resource.name}")

    @property
    def rows(self) -> int:
        """Records read."""
        return self._records.rows

    @property
    def table(self) -> str:
        """View of the records, once they are closed."""
        return self._records.view

    @property
    def keys(self) -> str:
        """View of the keys that were listed to notice deletions, once they are closed."""
        return self._keys.view

    def take(self, page: list[Mapping[str, Any]] | Batch, *, keys_only: bool = False) -> None:
        """Add a page of records.

        Raises:
            SourceFailed: A record has no key.
        """
        batch = page if isinstance(page, Batch) else self._batch(page)
        if keys_only:
            self._keys.add(batch)
            return
        self._records.add(batch)
        self.keys_are_distinct &= batch.keys_are_distinct
        for path, kind in batch.field_types.items():
            self.types[path] = one_kind({kind, self.types.get(path, "null")})
        if batch.last_cursor is not None and (
            self.cursor is None or is_later(batch.last_cursor, self.cursor)
        ):
            self.cursor = batch.last_cursor

    def close(self) -> None:
        """All that comes has come."""
        self._records.close()
        self._keys.close()

    def note_absent(self, fields: Iterable[str]) -> None:
        """Note fields that were asked for and that no record had."""
        if self.rows:
            self.types |= {path: "absent" for path in fields if path not in self.types}

    def _batch(self, page: list[Mapping[str, Any]]) -> Batch:
        """Records as rows; whole columns at a time, for a call for each record costs more than what it does."""
        import pyarrow as pa

        resource = self.resource
        flag = [None] * len(page) if resource.deleted_flag is None else texts_at(page, resource.deleted_flag)
        cursors = [None] * len(page) if resource.cursor is None else texts_at(page, resource.cursor)
        columns = {
            "record_id": pa.array(self._ids(page), pa.string()),
            "record": pa.array(canonical_texts(page), pa.binary()).cast(pa.string()),
            "is_deleted": pa.array([one == "true" for one in flag], pa.bool_()),
            "cursor_value": pa.array(cursors, pa.string()),
        }
        found = [one for one in cursors if one is not None]
        return Batch(
            pa.table(columns),
            last_cursor=latest(found) if found else None,
            field_types=dict(field_kinds(page)),
        )

    def _ids(self, page: list[Mapping[str, Any]]) -> list[str]:
        """The keys of records.

        Raises:
            SourceFailed: A record has none.
        """
        parts = {path: texts_at(page, path) for path in self.resource.key}
        for path, texts in parts.items():
            if not all(texts):
                record = next(one for one, text in zip(page, texts, strict=True) if not text)
                raise SourceFailed(f"a record has no {path}: {canonical(record)[:200]}")
        return list(map("|".join, zip(*parts.values(), strict=True)))
