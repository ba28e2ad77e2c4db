"""Schema drift: fields that are new, that vanished, whose values are of another kind than before.

Belongs here: comparing the fields of an extraction with those seen before. Does not belong here: reading records.
"""

from __future__ import annotations

from collections.abc import Collection

from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.json_text import EMPTY
from connectors.sources.extraction.raw_layer import LastRead
from connectors.sources.model import Resource


def refuse_drift(resource: Resource, types: dict[str, str], last: LastRead, used: Collection[str]) -> None:
    """Stop a resource whose used fields are not what they were.

    Args:
        resource: The resource.
        types: Fields of this extraction with their kinds; empty when nothing was read.
        last: What was seen before.
        used: Fields that the mapping uses.

    Raises:
        SourceFailed: A used field vanished, or has values of another kind.
    """
    if not types:
        return
    since = f"since the extraction {last.load_id}"
    for path in sorted(used):
        before, now = last.field_types.get(path), types.get(path)
        parent_is_empty = types.get(path.rpartition(".")[0]) == "null"
        if before in (None, *EMPTY) or parent_is_empty:
            continue
        if now in (None, "absent") and not resource.is_sparse:
            raise SourceFailed(
                f"the field {path!r}, which the mapping uses, is in no record any more {since}",
                hint="name its successor under `mapping` in sources.yml, or give it back to the user of the extraction",
            )
        if now not in (None, *EMPTY, before):
            raise SourceFailed(
                f"the field {path!r}, which the mapping uses, is now of the kind {now} and was {before} {since}",
                hint="look at the field in the system; under `mapping` in sources.yml it can be read otherwise",
            )


def new_fields(types: dict[str, str], last: LastRead) -> list[str]:
    """Fields never seen before; none at the first extraction."""
    return sorted(set(types) - set(last.field_types)) if last.field_types else []
