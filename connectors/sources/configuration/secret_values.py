"""Secrets: where they are, their values when they are needed, and texts without them.

Belongs here: references, resolving, redaction. Does not belong here: which secrets a type needs (`model`).
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from connectors.sources.errors import SourceProblem

_HIDDEN = "[secret]"
_LEAST = 4  # shorter texts stand everywhere


@dataclass(frozen=True)
class SecretRef:
    """Where a secret is: an environment variable or a file."""

    env: str | None = None
    file: str | None = None

    def value(self) -> str:
        """The secret.

        Raises:
            KeyError: It is not there, with where that is.
        """
        if self.env is not None:
            if not os.environ.get(self.env):
                raise KeyError(f"the environment variable {self.env} is not set")
            return os.environ[self.env]
        path = Path(str(self.file)).expanduser()
        try:
            text = path.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyError(f"the file {path} cannot be read ({type(error).__name__})") from None
        if not text:
            raise KeyError(f"the file {path} is empty")
        return text


class Secrets:
    """The values of an instance's secrets, and texts without them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._hidden: set[str] = set()
        for value in values.values():
            self.hide(value)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._values)})"

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def hide(self, value: str) -> None:
        """Remember a value, such as a token, that no text may show."""
        self._hidden.update(one for one in _spellings(value) if len(one) >= _LEAST)

    def redacted(self, text: str) -> str:
        """A text with every secret hidden."""
        for value in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(value, _HIDDEN)
        return text


def _spellings(value: str) -> Iterator[str]:
    """A secret as it may stand in messages: itself, in a URL, in a header, the password of an address, its lines."""
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield base64.b64encode(value.encode()).decode()
    if "\n" in value:
        yield from (line for line in value.splitlines() if not line.startswith("-----"))
    if "://" in value:
        try:
            password = urlsplit(value).password
        except ValueError:
            password = None
        if password:
            yield password


def resolve(name: str, references: Mapping[str, SecretRef], where: str) -> Secrets:
    """The values of all secrets of an instance.

    Args:
        name: The instance.
        references: Where its secrets are.
        where: Place in sources.yml.

    Raises:
        SourceProblem: Secrets are missing; all of them are named.
    """
    values: dict[str, str] = {}
    missing: list[str] = []
    for secret, reference in references.items():
        try:
            values[secret] = reference.value()
        except KeyError as error:
            missing.append(f"{secret}: {error.args[0]}")
    if missing:
        raise SourceProblem(
            f"secrets of {name} are missing: {'; '.join(missing)}",
            where=where,
            hint="set the variables for the process that extracts, or make the files readable for it",
        )
    return Secrets(values)
