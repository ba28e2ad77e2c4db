"""A draft of a mapping: which file fills which template, and how.

Belongs here: plain data. Does not belong here: deciding (see guess, people).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from connectors.files.mapping.suggest.profile import Profile
from connectors.files.templates import TEMPLATES


@dataclass
class DraftColumn:
    """How a column is filled: the keys of its rule, and why."""

    rule: dict[str, Any]
    guess: str


@dataclass
class Draft:
    """One entry of a mapping."""

    template: str
    profile: Profile
    found: dict[str, str]
    columns: dict[str, DraftColumn] = field(default_factory=dict)
    where: tuple[dict[str, Any], str] | None = None
    group: tuple[dict[str, Any], str] | None = None
    distinct: bool = False
    guess: str = ""

    @property
    def missing(self) -> list[str]:
        """Required columns that nothing fills."""
        template = TEMPLATES[self.template]
        return [
            column.name for column in template.columns if column.required and column.name not in self.columns
        ]
