"""One file as the source of one entity: what a delivery is checked in.

Belongs here: what is known of such a part. Does not belong here: reading files (``connectors.files.parts``), checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.files.scratch import NO_TEXT, Source
from connectors.files.validation.grouping import Grouping


@dataclass(frozen=True)
class Part:
    """One file as the source of one entity.

    Attributes:
        entity: The template its rows are for.
        source: The file; its table has the alias r in all SQL below.
        expressions: Template column to SQL giving its text; columns left out are empty.
        extra: SQL giving the JSON of columns the template does not know.
        joins: SQL joins that `expressions` need.
        where: SQL condition of the records that count.
        skipped: Records that are no data at all (the alias row).
        distinct: Records that say the same are one.
        may_filter: Whether fewer records may count than the file holds.
        unread: Template column to SQL that is true where the file writes it otherwise than was said.
        spelled: Columns of which a mapping says how numbers are written.
        same_key: Which of several records with one key counts: `first`, `last`, or none (`conflict`).
        group: Records with one key become one; what becomes of their columns.
        notes: What the report has to say about the columns.
    """

    entity: str
    source: Source
    expressions: dict[str, str]
    extra: str = NO_TEXT
    joins: str = ""
    where: str = "true"
    skipped: int = 0
    distinct: bool = False
    may_filter: bool = False
    unread: dict[str, str] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()
    same_key: str = "conflict"
    group: Grouping | None = None
    notes: tuple[str, ...] = ()
