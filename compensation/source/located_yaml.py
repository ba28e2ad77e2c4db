"""YAML text with the line of every key.

Belongs here: turning a YAML file into plain values whose numbers are still exact, and remembering
where each of them stands. Does not belong here: what the values mean (``model*.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compensation.source.errors import PlanProblem, closest, key_text

KeyPath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_MAX_VALUES = 100_000


@dataclass
class PlanSource:
    """A parsed plan file.

    Attributes:
        file: name of the file for messages.
        text: its text.
        data: mappings, lists, text, int, Decimal, bool and None; dates stay text.
        lines: line of each key and list item, by path.
        problems: what is wrong with the YAML itself (repeated keys, odd tags).
    """

    file: str
    text: str
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[PlanProblem] = field(default_factory=list)

    def line_of(self, path: KeyPath) -> int:
        """Line of a key, or of the nearest key around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def value_at(self, path: KeyPath) -> Any:
        """The value at a path, None when there is none."""
        value = self.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

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
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    source = PlanSource(file=file, text=text)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source.problems.append(PlanProblem(file, line, "", f"is not valid YAML: {error.problem}"))
        return source
    except (YAMLError, ValueError) as error:
        source.problems.append(PlanProblem(file, 1, "", f"is not valid YAML: {error}"))
        return source
    if root is None:
        source.problems.append(PlanProblem(file, 1, "", "is empty"))
        return source
    builder = _Builder(source)
    source.data = builder.value(root, ())
    if not isinstance(source.data, dict):
        source.problems.append(PlanProblem(file, 1, "", "must be a mapping of keys to values"))
    return source


class _Builder:
    """Walks the YAML nodes once and fills a PlanSource."""

    def __init__(self, source: PlanSource) -> None:
        self.source = source
        self.open_nodes: set[int] = set()
        self.values = 0

    def value(self, node: Any, path: KeyPath) -> Any:
        """The plain value of a node; anchors are followed, loops and floods of aliases refused."""
        self.values += 1
        if id(node) in self.open_nodes or self.values > _MAX_VALUES:
            self.source.problems.append(self.source.problem(path, "must not contain itself"))
            return None
        if isinstance(node.value, str):
            return self.scalar(node, path)
        self.open_nodes.add(id(node))
        try:
            if node.tag == f"{_TAG}map":
                return dict(self.items(node, path))
            return [self.item(child, (*path, index)) for index, child in enumerate(node.value)]
        finally:
            self.open_nodes.discard(id(node))

    def items(self, node: Any, path: KeyPath) -> Iterator[tuple[str, Any]]:
        """Keys and values of a mapping; a key written twice is a problem."""
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                text = key_text((*path, key))
                self.source.problems.append(PlanProblem(self.source.file, line, text, "is written twice"))
                continue
            seen.add(key)
            self.source.lines.setdefault((*path, key), line)
            yield key, self.value(value_node, (*path, key))

    def item(self, node: Any, path: KeyPath) -> Any:
        """One item of a list."""
        self.source.lines.setdefault(path, node.start_mark.line + 1)
        return self.value(node, path)

    def scalar(self, node: Any, path: KeyPath) -> Any:
        """Text, exact number, bool or None; what is no plain number stays text."""
        text, tag = node.value, str(node.tag)
        if tag == f"{_TAG}null":
            return None
        if tag == f"{_TAG}bool":
            return text.lower() == "true"
        if tag == f"{_TAG}int" and _INTEGER.fullmatch(text):
            return int(text)
        if tag == f"{_TAG}float" and _FLOAT.fullmatch(text):
            return Decimal(text)
        if not tag.startswith(_TAG):
            self.source.problems.append(self.source.problem(path, f"has an unknown tag {tag}"))
        return text
