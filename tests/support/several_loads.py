"""The rows of a company delivered in several loads: late, corrected, deleted and brought back.

Belongs here: which version of a row which load brings. Does not belong here: reading deliveries
(``connectors.files``), computing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.files.raw_layer.tables import arrow_schema
from connectors.files.templates import TEMPLATES
from tests.reference.company import Company
from tests.support.raw_rows import landed_rows, load_id
from tests.support.rng import Rng

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Key = tuple[Any, ...]
LAST = 3
#: end dates follow their beginnings, an import lets no others pass
ENDS = {"termination_date": "hire_date", "valid_to": "valid_from"}


@dataclass(frozen=True)
class Loads:
    """Tables of ``raw_files`` in the course of the loads.

    Attributes:
        first: after the first load.
        last: after the last load, which leaves in force exactly the rows of the company.
        brought_by: the load that brought the row in force, by template and key.
    """

    first: Mapping[str, pa.Table]
    last: Mapping[str, pa.Table]
    brought_by: Mapping[tuple[str, Key], str]


def in_several_loads(company: Company, rng: Rng, whole: Collection[str] = ()) -> Loads:
    """A company that arrives in three loads.

    Args:
        company: the rows in force in the end.
        rng: source of chance.
        whole: templates whose rows all come with the first load, once.
    """
    first, last, brought_by = {}, {}, {}
    for entity in TEMPLATES:
        story = _Story(entity, company.rows(entity), rng)
        for row in company.rows(entity):
            brought_by[entity, story.key(row)] = load_id(story.tell(row, is_plain=entity in whole))
        first[f"raw_files.{entity}"] = story.table(1)
        last[f"raw_files.{entity}"] = story.table(LAST)
    return Loads(first | _loads(company, 1), last | _loads(company, LAST), brought_by)


class _Story:
    """The rows of one template, by the load that brings them."""

    def __init__(self, entity: str, rows: list[Row], rng: Rng) -> None:
        self._entity = entity
        self._rows = rows
        self._rng = rng
        self._keys = {self.key(row) for row in rows}
        self._brought: dict[int, list[Row]] = defaultdict(list)
        self._deleted: dict[int, list[Row]] = defaultdict(list)

    def key(self, row: Row) -> Key:
        """What identifies a row."""
        return tuple(row.get(column) for column in TEMPLATES[self._entity].key)

    def tell(self, row: Row, *, is_plain: bool) -> int:
        """Bring a row, perhaps after other versions of it; the number of the load that brings the last one."""
        rng = self._rng
        way = "at once" if is_plain else rng.one("at once", "late", "corrected", "twice", "back")
        if not is_plain and rng.once_in(5):
            self._passing(row)
        load = {"at once": 1, "twice": LAST, "back": LAST}.get(way) or rng.one(2, LAST)
        self._brought[load].append(row)
        if way in ("corrected", "twice", "back"):
            self._brought[1].append(self._other_version(row))
        if way == "twice":
            self._brought[2].append(self._other_version(row))
        if way == "back":
            self._deleted[2].append(row)
        return load

    def _passing(self, row: Row) -> None:
        """A record that is delivered and deleted again."""
        record = self._other_record(row)
        if record is not None:
            self._brought[self._rng.one(1, 2)].append(record)
            self._deleted[LAST].append(record)

    def _other_version(self, row: Row) -> Row:
        """The same record with some values of another row."""
        rng, donor = self._rng, self._rng.of(self._rows)
        columns = [column for column in row if column not in TEMPLATES[self._entity].key]
        found = dict(row)
        for column in rng.several(columns, least=1):
            if column not in ENDS:
                found[column] = donor.get(column)
        for end, start in ENDS.items():
            if start in found and start in columns:
                found[end] = donor.get(end) if found[start] == donor.get(start) else None
        return found

    def _other_record(self, row: Row) -> Row | None:
        """A record like this one under a key nobody has."""
        column = self._rng.of(TEMPLATES[self._entity].key)
        found = self._other_version(row) | {column: self._rng.of(self._rows).get(column)}
        if "valid_to" in found:
            found["valid_to"] = None
        if self.key(found) in self._keys:
            first = TEMPLATES[self._entity].key[0]
            found[first] = f"{found[first]}-{len(self._keys)}"
        if self.key(found) in self._keys or None in self.key(found):
            return None
        self._keys.add(self.key(found))
        return found

    def table(self, until: int) -> pa.Table:
        """The raw table after a load."""
        import pyarrow as pa

        rows: list[Row] = []
        for load in range(1, until + 1):
            rows += landed_rows(self._entity, self._brought[load], load)
            rows += landed_rows(self._entity, self._deleted[load], load, is_deleted=True)
        return pa.Table.from_pylist(rows, schema=arrow_schema(self._entity))


def _loads(company: Company, until: int) -> dict[str, pa.Table]:
    import pyarrow as pa

    rows = [
        {
            "load_id": load_id(number),
            "load_seq": number,
            "delivery_hash": f"{number:064d}",
            "landed_at": company.as_of,
            "mapping": None,
        }
        for number in range(1, until + 1)
    ]
    return {"raw_files.loads": pa.Table.from_pylist(rows, schema=arrow_schema("loads"))}
