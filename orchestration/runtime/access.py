"""Who may read the home directory: its owner alone, or a configured group.

Belongs here: the mode of the home and of the files that this process and its children write. Does not belong here: the
settings, and what lies in the home.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from typing import Any

from orchestration.errors import InputError
from orchestration.settings import Settings, load_settings

_OWNER, _GROUP = 0o700, 0o2770  # with a group its id passes on to what is made below


def protect(settings: Settings) -> None:
    """Make the home and close it to others; files written from now on are closed as well.

    A home of another user keeps its mode: only its owner can change it.

    Raises:
        InputError: The home cannot be made, or the configured group is not known to the system.
    """
    is_shared = settings.group is not None
    os.umask(0o007 if is_shared else 0o077)
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"this folder cannot be made: {error.strerror}",
            where=str(home),
            hint="choose another folder (INCENTIVES_HOME), or give the user of this program the right to write there",
        ) from error
    with contextlib.suppress(PermissionError):
        if settings.group is not None:
            try:
                shutil.chown(home, group=settings.group)
            except LookupError:
                raise InputError(
                    f"INCENTIVES_GROUP is {settings.group!r}: this system has no such group"
                ) from None
        wanted = _GROUP if is_shared else _OWNER
        if stat.S_IMODE(home.stat().st_mode) != wanted:
            home.chmod(wanted)


def protected_settings(**overrides: Any) -> Settings:
    """The settings, with the home made and closed to others: what a command that writes begins with."""
    settings = load_settings(**overrides)
    protect(settings)
    return settings
