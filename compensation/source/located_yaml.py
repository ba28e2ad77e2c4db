"""Plan files as YAML with the line of every key.

Belongs here: the shared YAML reader with exact numbers, and error items for the keys of a plan file.
Does not belong here: reading YAML (``connectors.common.yaml_document``), what the values mean (``model``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compensation.source.errors import PlanProblem, closest, key_text
from connectors.common import yaml_document
from connectors.common.yaml_document import KeyPath, YamlDocument

__all__ = ["KeyPath", "PlanSource", "parse_yaml"]


@dataclass
class PlanSource(YamlDocument):
    """A parsed plan file: text, int, Decimal, bool and None; dates stay text.

    Attributes:
        problems: what is wrong with the YAML itself (repeated keys, odd tags).
    """

    problems: list[PlanProblem] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Name of the file for messages."""
        return self.name

    def problem(
        self,
        path: KeyPath,
        message: str,
        allowed: tuple[str, ...] = (),
        written: object = None,
        *,
        list_allowed: bool = True,
    ) -> PlanProblem:
        """Make an error item for a key of this file.

        Args:
            path: where it is.
            message: what is wrong.
            allowed: allowed values.
            written: what was written instead; gives the closest allowed value.
            list_allowed: False keeps a long list of allowed values out of the message.
        """
        near = closest(written, allowed) if written is not None else None
        values = allowed if list_allowed else ()
        return PlanProblem(self.file, self.line_of(path), key_text(path), message, values, near)


def parse_yaml(text: str, file: str) -> PlanSource:
    """Parse the text of a plan file; problems are collected in the result, never raised."""
    document = yaml_document.parse_yaml(text, file, yaml_document.as_exact)
    problems = [PlanProblem(file, one.line, key_text(one.path), one.message) for one in document.faults]
    if document.data is None and not problems:
        problems.append(PlanProblem(file, 1, "", "is empty"))
    elif not isinstance(document.data, dict) and not problems:
        problems.append(PlanProblem(file, 1, "", "must be a mapping of keys to values"))
    return PlanSource(file, text, document.data, document.lines, document.faults, problems)
