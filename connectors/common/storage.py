"""Errors of the storage under the pipeline (disk, permissions, damaged files, memory) as sentences for people.

Belongs here: recognising such an error, whoever raised it, and what to do about it. Does not belong here: catching it.

DuckDB, SQLite, dlt and dbt hand the system's message on in their own errors, so it is found in the text where there is
no error number.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator

from connectors.common.errors import UserError

_AGAIN = "then run the same command again: nothing half-written counts"
_FULL = ("the disk is full", f"free some space there, {_AGAIN}")
_CLOSED = (
    "this may not be written: it is read-only, or belongs to somebody else",
    f"give the user of this program the right to write, or choose another folder (INCENTIVES_HOME), {_AGAIN}",
)
_NO_FOLDER = (
    "no folder can be made here",
    "a file lies where a folder is needed, or the place takes none: choose another folder (INCENTIVES_HOME)",
)
_NOTHING_THERE = (
    "there is nothing here, or this place takes no files",
    "check the path; what is written needs a folder that exists and may be written",
)
_A_FOLDER = ("a file is needed here, and this is a folder", "give the path of a file")
_TOO_LONG = ("a name in this path is too long for the disk", "choose a shorter path")
_IN_CIRCLES = ("this is a link that leads back to itself", "give the path of the file or folder itself")
_TOO_LARGE = (
    "a file has reached the largest size the system allows",
    f"raise the limit (ulimit -f), {_AGAIN}",
)
_MEMORY = (
    "the computation needs more memory than it may take",
    f"raise INCENTIVES_MEMORY_LIMIT (half of the machine's memory is the default), {_AGAIN}",
)
_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EFBIG: _TOO_LARGE,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.ENOENT: _NOTHING_THERE,
    errno.EISDIR: _A_FOLDER,
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ELOOP: _IN_CIRCLES,
}
_BY_TEXT = (
    (
        re.compile(
            r"no space left on device|disk is full|disk quota exceeded|out of disk space", re.IGNORECASE
        ),
        _FULL,
    ),
    (
        re.compile(
            r"read-only file ?system|readonly database|permission denied|operation not permitted",
            re.IGNORECASE,
        ),
        _CLOSED,
    ),
    (re.compile(r"file too large", re.IGNORECASE), _TOO_LARGE),
    (re.compile(r"out of memory error|failed to allocate|could not allocate", re.IGNORECASE), _MEMORY),
)
_NAMED = re.compile(r"""(?:file|directory) ["']([^"'\n]+)["']""", re.IGNORECASE)
#: what engines say of a file whose content is not what they wrote
_DAMAGED = re.compile(
    r"not a valid DuckDB database|corrupt|checksum|could not read enough bytes|serialization error|"
    r"failed to deserialize|file is not a database|disk image is malformed|invalidated because of a previous fatal",
    re.IGNORECASE,
)


def is_damage(error: BaseException) -> bool:
    """Whether an engine says that the content of a file is not what it wrote."""
    return any(_DAMAGED.search(str(one)) for one in _chain(error))


def is_interruption(error: BaseException) -> bool:
    """Whether an error came of Ctrl-C: engines raise one of their own, from the interrupt that they were told of."""
    return any(not isinstance(one, (Exception, GeneratorExit, SystemExit)) for one in _chain(error))


def storage_problem(error: BaseException, where: str = "") -> UserError | None:
    """The sentence for an error of the storage; None for any other error.

    Args:
        error: Whatever was raised; its causes are looked at too.
        where: Named when the error names no file.
    """
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in _BY_NUMBER:
            what, hint = _BY_NUMBER[one.errno]
            return UserError(what, where=str(one.filename or where), hint=hint)
        if found := storage_sentence(str(one), where):
            return found
    return None


def storage_sentence(text: str, where: str = "") -> UserError | None:
    """The same for the message of an engine or of a child process."""
    for pattern, (what, hint) in _BY_TEXT:
        if pattern.search(text):
            named = _NAMED.search(text)
            return UserError(what, where=named[1] if named else where, hint=hint)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, then what it was raised from, outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
