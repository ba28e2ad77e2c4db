"""What the yml of a mart says of it, as a publication carries it: descriptions, columns that are never NULL, the key.

Belongs here: these words and what follows from them. Does not belong here: where they come from (orchestration reads
dbt's manifest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MartDocument:
    """The description of one mart.

    Attributes:
        description: Of the mart.
        columns: Description by column.
        required: Columns that are never NULL.
        grain: Columns that identify a row.
    """

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    grain: tuple[str, ...] = ()

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The grain where none of its columns is ever NULL; empty elsewhere."""
        return self.grain if self.required.issuperset(self.grain) else ()


Documents = Mapping[str, MartDocument]
UNDESCRIBED = MartDocument()
