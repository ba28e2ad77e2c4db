"""Access tokens whose refresh token the vendor replaces with each use: the new one is stored before it is used.

Belongs here: the file in the home, the order of a refresh, a dlt auth class over them. Does not belong here: one
vendor's request for a refresh, or how it wants to see the token.

    lock → note in the file that a refresh begins → ask the vendor → replace the file (0600, fsync) → use

The note proves that the home can be written before the old refresh token is spent. Between the vendor's answer and the
replaced file lie no other steps. A process that is killed just there has lost the new token, and nothing can bring it
back: the next run tries the old one (the vendor may never have seen the request), and when it is refused says since
when, and that the app has to be authorised again. Another refresh token in the secret than before begins anew.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase

from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.errors import SourceFailed, SourceRefused

_SPARE = dt.timedelta(minutes=5)  # a token that ends within it is not begun with
_AGAIN = "authorise the app again with the vendor, and put the new refresh token where its secret is"


@dataclass(frozen=True)
class Tokens:
    """What a vendor gave.

    Attributes:
        access_token: For requests.
        refresh_token: For the next refresh.
        expires_at: When the access token ends, ISO 8601.
    """

    access_token: str
    refresh_token: str
    expires_at: str

    @classmethod
    def given(cls, access_token: str, refresh_token: str, seconds: int) -> Tokens:
        """Tokens of which the access token ends after some seconds."""
        end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        return cls(access_token, refresh_token, end.isoformat())

    def is_fresh(self) -> bool:
        """Whether the access token can be begun with."""
        return dt.datetime.fromisoformat(self.expires_at) - _SPARE > dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Stored:
    """What the file holds.

    Attributes:
        seed: Hash of the secret that the tokens descend from.
        tokens: The last ones; None before the first refresh.
        refreshing_since: When a refresh began whose answer is not stored.
    """

    seed: str
    tokens: Tokens | None = None
    refreshing_since: str | None = None


class TokenFile:
    """The file of one instance's tokens."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One refresh at a time, whoever asks.

        Raises:
            SourceFailed: The folder cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise self._unusable("written", error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self, seed: str) -> Stored:
        """What is stored for a secret; nothing where it is another one than before.

        Raises:
            SourceFailed: The file cannot be read, or is damaged.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Stored(seed)
        except OSError as error:
            raise self._unusable("read", error) from None
        try:
            found = json.loads(text)
            tokens = found["tokens"] and Tokens(**found["tokens"])
            stored = Stored(found["seed"], tokens, found["refreshing_since"])
        except (ValueError, TypeError, KeyError):
            raise SourceFailed(
                f"{self.path}, which holds the vendor's tokens, is damaged", hint=f"remove it; {_AGAIN}"
            ) from None
        return stored if stored.seed == seed else Stored(seed)

    def write(self, stored: Stored) -> None:
        """Replace the file in one step; only its owner can read it, and it outlasts a power failure.

        Raises:
            SourceFailed: It cannot be written.
        """
        unfinished = self.path.with_suffix(".tmp")
        try:
            unfinished.unlink(missing_ok=True)
            handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(stored), file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise self._unusable("written", error) from None

    def _unusable(self, done: str, error: OSError) -> SourceFailed:
        return SourceFailed(
            f"{self.path}, which holds the vendor's tokens, cannot be {done}: {error.strerror}",
            hint="give the user of this program the right to, and make room on the disk",
        )


class RotatingTokenAuth(AuthConfigBase):
    """Puts an access token on requests, refreshed when it ends or is refused.

    Args:
        file: Where tokens are stored.
        secrets: Learns every token, so that no text shows it.
        refresh_token: The secret that everything begins with.
        refresh: Asks the vendor for tokens in exchange for a refresh token.
        put: Puts the access token on a request.
    """

    def __init__(
        self,
        file: TokenFile,
        secrets: Secrets,
        refresh_token: str,
        refresh: Callable[[str], Tokens],
        put: Callable[[requests.PreparedRequest, str], None],
    ) -> None:
        self.file, self.secrets, self.put = file, secrets, put
        self.first, self.refresh = refresh_token, refresh
        self.seed = hashlib.sha256(refresh_token.encode()).hexdigest()
        self.tokens: Tokens | None = None
        self.refused: set[str] = set()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the token."""
        if self.tokens is None or not self.tokens.is_fresh():
            self.tokens = self._obtained()
        self.put(request, self.tokens.access_token)
        return request

    def drop(self) -> bool:
        """The vendor refused the token: it is not used again."""
        if self.tokens is None:
            return False
        self.refused.add(self.tokens.access_token)
        self.tokens = None
        return True

    def _obtained(self) -> Tokens:
        with self.file.locked():
            stored = self.file.read(self.seed)
            self._hide(stored.tokens)
            found = stored.tokens
            if found is not None and found.is_fresh() and found.access_token not in self.refused:
                return found
            begun = replace(stored, refreshing_since=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
            self.file.write(begun)
            try:
                tokens = self.refresh(found.refresh_token if found else self.first)
            except SourceFailed as error:
                if isinstance(error, SourceRefused):  # it did nothing: the token is what it was
                    self.file.write(stored)
                raise self._lost(error, stored.refreshing_since) from None
            self.file.write(Stored(self.seed, tokens))
            self._hide(tokens)
            return tokens

    def _hide(self, tokens: Tokens | None) -> None:
        if tokens is not None:
            self.secrets.hide(tokens.access_token)
            self.secrets.hide(tokens.refresh_token)

    @staticmethod
    def _lost(error: SourceFailed, since: str | None) -> SourceFailed:
        if since is None:
            return SourceFailed(
                f"the access token cannot be refreshed: {error.what}", hint=error.hint or _AGAIN
            )
        return SourceFailed(
            f"the access token cannot be refreshed: {error.what} (a refresh that began at {since} ended before its "
            "answer was stored)",
            hint=_AGAIN,
        )


def field(body: Any, name: str) -> Any:
    """A field of the `data` of a vendor's answer to a refresh.

    Raises:
        SourceFailed: It is not there.
    """
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, dict) or not found.get(name):
        raise SourceFailed(f"the answer to the refresh has no {name}")
    return found[name]
