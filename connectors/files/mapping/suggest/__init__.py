"""A first mapping for a folder of foreign files, with its guesses marked.

    folder → profile (columns, values) → guess (which template, which column, how written) → writing (YAML)

Belongs here: the way from a folder to a mapping that can be tried. Does not belong here: the mapping language.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.common.problems import ImportProblem
from connectors.files.delivery import DeliveredFile, list_files
from connectors.files.mapping.applying import mapped_parts
from connectors.files.mapping.loading import load_mapping
from connectors.files.mapping.suggest.draft import Draft
from connectors.files.mapping.suggest.guess import drafts, template_of
from connectors.files.mapping.suggest.profile import Profile
from connectors.files.mapping.suggest.reading import read_tables
from connectors.files.mapping.suggest.vocabulary import VOCABULARY
from connectors.files.mapping.suggest.writing import mapping_text
from connectors.files.scratch import Scratch
from connectors.files.validation.bounds import CheckOptions
from connectors.files.validation.set_aside import quarantine_groups
from connectors.files.validation.validate import check_parts

__all__ = ["Suggestion", "suggest_mapping"]


@dataclass
class Suggestion:
    """A first mapping.

    Attributes:
        text: The mapping file.
        guesses: (template, column, what was guessed and why); column is empty for the whole entry.
        open: What has to be filled in by hand before the mapping loads; empty when it loads.
        tried: Rows read, accepted and set aside for each template, when it loads.
    """

    text: str
    guesses: list[tuple[str, str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    tried: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The suggestion as plain data for `--json`."""
        guesses = [{"template": one, "column": column, "guess": why} for one, column, why in self.guesses]
        return {"mapping": self.text, "guesses": guesses, "open": self.open, "tried": self.tried}


def suggest_mapping(directory: Path, timezone: str = "Asia/Shanghai") -> Suggestion:
    """Look at a folder of foreign files, and write a first mapping.

    Args:
        directory: The folder; nothing in it is changed.
        timezone: IANA zone of times without an offset, for trying the mapping.

    Raises:
        ImportProblem: The folder cannot be read, or no file looks like anything a template asks for.
    """
    files = list_files(directory)
    with Scratch() as scratch:
        tables, ignored = read_tables(scratch.connection, files)
        profiles = [Profile(scratch.connection, table) for table in tables]
        made = drafts(profiles)
        if not made:
            raise _nothing_found(directory, profiles, ignored)
        used = {place.file.name for draft in made for place in draft.profile.source.places}
        for profile in profiles:
            for place in profile.source.places:
                if place.file.name not in used:
                    ignored[place.file.name] = _why_unused(profile)
        text = mapping_text(f"suggested_{directory.resolve().name}", made, ignored)
    missing = [f"{draft.template}.{column}" for draft in made for column in draft.missing]
    tried = [] if missing else _try(text, files, timezone)
    return Suggestion(text, list(_guesses(made)), missing, tried)


def _why_unused(profile: Profile) -> str:
    template = template_of(profile)
    if template is None:
        return "no template asks for what it holds"
    return f"it looks like {template}, but another file does more: add an entry for it if its rows are wanted"


def _nothing_found(directory: Path, profiles: list[Profile], unread: dict[str, str]) -> ImportProblem:
    seen = [f"{profile.name}: {', '.join(profile.headers[:10])}" for profile in profiles]
    seen += [f"{file}: {what}" for file, what in unread.items()]
    return ImportProblem(
        "no file looks like deals, payments, customers, employees or leads",
        where=str(directory),
        hint=f"write a mapping by hand (connectors/files/README.md), or rename columns; templates that are "
        f"recognised: {', '.join(VOCABULARY)}. Found: {'; '.join(seen) or 'no readable file'}",
    )


def _guesses(made: list[Draft]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for draft in made:
        found.append((draft.template, "", draft.guess))
        if draft.where is not None:
            found.append((draft.template, "where", draft.where[1]))
        if draft.group is not None:
            found.append((draft.template, "group", draft.group[1]))
        found += [(draft.template, name, column.guess) for name, column in draft.columns.items()]
    return found


def _try(text: str, files: list[DeliveredFile], timezone: str) -> list[dict[str, Any]]:
    """What the mapping makes of the files it was made from."""
    with tempfile.TemporaryDirectory(prefix="incentives-mapping-") as folder, Scratch() as scratch:
        path = Path(folder) / "mapping.yml"
        path.write_text(text, encoding="utf-8")
        parts = mapped_parts(scratch.connection, files, *load_mapping(path), lambda *_: None, zone=timezone)
        checked = check_parts(scratch.connection, parts, CheckOptions(timezone), lambda *_: None)
        reasons: dict[str, list[str]] = {}
        for group in quarantine_groups(checked.connection):
            first = group.samples[0]
            reasons.setdefault(group.entity, []).append(
                f"{group.reason} {group.rows:,} (line {first.line}, {first.field}: {first.value})"
            )
        return [
            {"template": one.entity, "file": one.file, "rows_in": one.rows_in, "accepted": one.accepted,
             "quarantined": one.quarantined, "left_out": one.filtered,
             "reasons": reasons.get(one.entity, []) if one.quarantined else []}
            for one in checked.files
        ]  # fmt: skip
