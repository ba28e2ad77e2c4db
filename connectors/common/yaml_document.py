"""YAML with a memory: plain data, the line of every key, and guards against files that harm their reader.

Belongs here: reading one YAML file, for plans and mappings alike, and finding the line of a path inside it.
Does not belong here: what the document means.

Scalars are converted by the caller's function, so that no number becomes a binary float and no date a guess.
Refused, with the line: repeated keys, documents that contain themselves, floods of aliases, deep nesting, unknown
tags, and files above a size.
"""

from __future__ import annotations

import codecs
import errno
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.common.problems import ImportProblem

Key = str | int
KeyPath = tuple[Key, ...]
Scalar = Callable[[str, str], Any]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_VALUES = 100_000

_TAG = "tag:yaml.org,2002:"
_COLLECTIONS = (f"{_TAG}map", f"{_TAG}seq")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")


@dataclass(frozen=True)
class YamlProblem:
    """Something wrong with the YAML itself.

    Attributes:
        line: Line in the file, the first is 1.
        path: The key it stands at; empty for the file itself.
        message: What is wrong, so that it can follow a key.
    """

    line: int
    path: KeyPath
    message: str


@dataclass
class YamlDocument:
    """A parsed document.

    Attributes:
        name: The file, as messages call it.
        text: Its text.
        data: Dicts, lists, converted scalars and None.
        lines: Line (first = 1) of each key or item, by its path.
        faults: What is wrong with the YAML itself.
    """

    name: str
    text: str = ""
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[YamlProblem] = field(default_factory=list)

    def line_of(self, path: Sequence[Key]) -> int:
        """Line of a key, or of the nearest key around it."""
        for length in range(len(path), 0, -1):
            if tuple(path[:length]) in self.lines:
                return self.lines[tuple(path[:length])]
        return 1

    def value_at(self, path: Sequence[Key]) -> Any:
        """The value at a path, None when there is none."""
        value = self.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def where(self, path: Sequence[Key]) -> str:
        """`file:line: key` of a path."""
        key = ".".join(str(part) for part in path)
        return f"{self.name}:{self.line_of(path)}" + (f": {key}" if key else "")


def as_text(text: str, tag: str) -> str | None:
    """Scalars stay text; `null`, `~` and nothing are None."""
    return None if tag == f"{_TAG}null" else text


def as_exact(text: str, tag: str) -> str | int | bool | Decimal | None:
    """Text, whole number, exact decimal, bool or None; what is no plain number stays text."""
    if tag == f"{_TAG}null":
        return None
    if tag == f"{_TAG}bool":
        return text.lower() == "true"
    if tag == f"{_TAG}int" and _INTEGER.fullmatch(text):
        return int(text)
    if tag == f"{_TAG}float" and _FLOAT.fullmatch(text):
        return Decimal(text)
    return text


def load_yaml(path: Path, scalar: Scalar = as_text) -> YamlDocument:
    """Read a YAML file.

    Args:
        path: The file.
        scalar: Converts a scalar from its text and its tag.

    Raises:
        ImportProblem: The file is missing, is no regular file, is too large, is no YAML, or breaks a guard.
    """
    document = parse_yaml(_read(path), str(path), scalar)
    for fault in document.faults:
        key = ".".join(str(part) for part in fault.path)
        raise ImportProblem(
            f"the key {key!r} {fault.message}" if key else f"the file {fault.message}",
            where=f"{document.name}:{fault.line}",
            hint="check indentation, colons and quotes there; each key stands once",
        )
    return document


def read_text(path: Path) -> str:
    """The text of a YAML file; of one that is too large a little more than a document may have.

    Raises:
        OSError: There is no such file, or it is no regular file: opening a pipe waits for ever, a device never ends.
        UnicodeDecodeError: It is not UTF-8.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "this is no regular file", str(path))
    with path.open("rb") as handle:
        content = handle.read(MAX_BYTES + len(codecs.BOM_UTF8) + 1)
    return content.decode("utf-8-sig", "strict" if len(content) <= MAX_BYTES else "replace")


def _read(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ImportProblem(
            f"the file cannot be read: {reason}",
            where=str(path),
            hint="give the path of a YAML file in UTF-8",
        ) from error


def parse_yaml(text: str, name: str, scalar: Scalar = as_text) -> YamlDocument:
    """Parse YAML text; what is wrong with it is collected in the result, never raised.

    Args:
        text: The text.
        name: How messages call the file.
        scalar: Converts a scalar from its text and its tag.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    document = YamlDocument(name, text)
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        document.faults.append(YamlProblem(1, (), f"is larger than {MAX_BYTES:,} bytes"))
        return document
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context
        document.faults.append(YamlProblem(mark.line + 1 if mark else 1, (), f"is not valid YAML: {said}"))
        return document
    except RecursionError:
        document.faults.append(YamlProblem(1, (), f"is nested deeper than {MAX_DEPTH} levels"))
        return document
    except (YAMLError, ValueError) as error:
        document.faults.append(YamlProblem(1, (), f"is not valid YAML: {error}"))
        return document
    if root is not None:
        document.data = _Builder(document, scalar).value(root, ())
    return document


class _Builder:
    """Walks the YAML nodes once and fills a document."""

    def __init__(self, document: YamlDocument, scalar: Scalar) -> None:
        self.document = document
        self.scalar = scalar
        self.open_nodes: set[int] = set()
        self.values = 0

    def value(self, node: Any, path: KeyPath) -> Any:
        """The plain value of a node; anchors are followed, loops, floods and deep nesting refused."""
        self.values += 1
        if message := self._refusal(node, path):
            if self.values <= MAX_VALUES + 1:
                self.fault(path, message)
            return None
        tag = str(node.tag)
        is_text = isinstance(node.value, str)
        if not (tag.startswith(_TAG) if is_text else tag in _COLLECTIONS):
            self.fault(path, f"has an unknown tag {tag}")
            return node.value if is_text else None
        if is_text:
            return self.scalar(node.value, tag)
        self.open_nodes.add(id(node))
        try:
            if tag == _COLLECTIONS[0]:
                return dict(self.items(node, path))
            return [self.item(child, (*path, index)) for index, child in enumerate(node.value)]
        finally:
            self.open_nodes.discard(id(node))

    def _refusal(self, node: Any, path: KeyPath) -> str | None:
        if id(node) in self.open_nodes:
            return "must not contain itself"
        if self.values > MAX_VALUES:
            return f"unfolds to more than {MAX_VALUES:,} values"
        return f"is nested deeper than {MAX_DEPTH} levels" if len(path) > MAX_DEPTH else None

    def items(self, node: Any, path: KeyPath) -> Iterator[tuple[str, Any]]:
        """Keys and values of a mapping; a key written twice is a problem."""
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                self.document.faults.append(YamlProblem(line, (*path, key), "is written twice"))
                continue
            seen.add(key)
            self.document.lines.setdefault((*path, key), line)
            yield key, self.value(value_node, (*path, key))

    def item(self, node: Any, path: KeyPath) -> Any:
        """One item of a list."""
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        return self.value(node, path)

    def fault(self, path: KeyPath, message: str) -> None:
        """Note a problem at a path."""
        self.document.faults.append(YamlProblem(self.document.line_of(path), path, message))
