"""Values from another file: a join that never multiplies rows.

Belongs here: building the lookup table and its join. Does not belong here: any other mapping step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.problems import MappingProblem
from connectors.common.yaml_document import Key, YamlDocument
from connectors.files.mapping.columns import ColumnOf
from connectors.files.mapping.model import Lookup
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def build_lookup(
    connection: DuckDBPyConnection,
    lookup: Lookup,
    alias: str,
    other_column: ColumnOf,
    own_column: ColumnOf,
    other: Source,
    document: YamlDocument,
    location: tuple[Key, ...],
) -> str:
    """Make the table of a lookup, and return the SQL join that gives `<alias>.taken`.

    Args:
        connection: Scratch connection.
        lookup: What to look up.
        alias: Alias of the join.
        other_column: SQL of a column of the other file (alias o).
        own_column: SQL of a column of the row's own file (alias r).
        other: The other file.
        document: The mapping file, for messages.
        location: Where in it the lookup stands.

    Raises:
        MappingProblem: A column does not exist, or one key has several values.
    """
    here = (*location, "lookup")
    keys = [other_column(header, (*here, "match")) for header in lookup.match]
    taken = other_column(lookup.take, (*here, "take"))
    named = ", ".join(f"{sql} AS k{index}" for index, sql in enumerate(keys))
    numbers = ", ".join(f"k{index}" for index in range(len(keys)))
    found = (
        f"SELECT {numbers}, min(taken) AS taken, count(DISTINCT taken) AS several "
        f"FROM (SELECT {named}, {taken} AS taken FROM {other.table} AS o) GROUP BY {numbers}"
    )
    ambiguous = connection.execute(
        f"SELECT concat_ws(', ', {numbers}), several FROM ({found}) WHERE several > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if ambiguous is not None:
        raise MappingProblem(
            f"{ambiguous[0]!r} has {ambiguous[1]} different values of {lookup.take!r} in {other.file}",
            where=document.where(here),
            hint="match by more columns, so that each row finds one value",
        )
    conditions = " AND ".join(
        f"{own_column(header, (*here, 'match', key))} = {alias}.k{index}"
        for index, (key, header) in enumerate(lookup.match.items())
    )
    return f"LEFT JOIN ({found}) AS {alias} ON {conditions}"
