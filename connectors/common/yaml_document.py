"""YAML with a memory: plain data in which every scalar is text, and the line of every key.

Belongs here: loading, and finding the line of a path inside the document.
Does not belong here: what the document means.

All scalars stay text, so that 0.05 never becomes a binary float and 2017-03-01 never a guess; the model that
reads the data converts them. `null`, `~` and nothing are None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.common.problems import ImportProblem

Key = str | int


@dataclass(frozen=True)
class YamlDocument:
    """A loaded document.

    Attributes:
        path: The file.
        data: Dicts, lists, text and None.
        lines: Line (first = 1) of each key or item, by its path.
    """

    path: Path
    data: Any
    lines: dict[tuple[Key, ...], int] = field(default_factory=dict)

    def where(self, location: Sequence[Key]) -> str:
        """`file:line: key` of the nearest existing part of a path."""
        known = [tuple(location[:length]) for length in range(len(location), 0, -1)]
        line = next((self.lines[part] for part in known if part in self.lines), 1)
        key = ".".join(str(part) for part in location)
        return f"{self.path}:{line}" + (f": {key}" if key else "")


def load_yaml(path: Path) -> YamlDocument:
    """Read a YAML file.

    Raises:
        ImportProblem: The file is missing, is no YAML, or holds a key twice.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportProblem(
            f"the file cannot be read: {error}", where=str(path), hint="check the path; YAML files are UTF-8"
        ) from error
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ImportProblem(
            f"this is no valid YAML: {error.problem or error.context}",
            where=f"{path}:{line}",
            hint="check indentation, colons and quotes there",
        ) from error
    except YAMLError as error:
        raise ImportProblem(f"this is no valid YAML: {error}", where=str(path)) from error
    document = YamlDocument(path, None)
    data = None if root is None else _plain(root, (), document)
    return YamlDocument(path, data, document.lines)


def _plain(node: Any, location: tuple[Key, ...], document: YamlDocument) -> Any:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    document.lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*location, key)
            if key in data:
                raise ImportProblem(
                    f"the key {key!r} is given twice",
                    where=f"{document.path}:{key_node.start_mark.line + 1}",
                    hint="keep one of them",
                )
            document.lines[inner] = key_node.start_mark.line + 1
            data[key] = _plain(value_node, inner, document)
        return data
    if isinstance(node, SequenceNode):
        return [_plain(item, (*location, index), document) for index, item in enumerate(node.value)]
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
