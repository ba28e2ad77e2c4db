"""Processor seconds of a PostgreSQL server, which no clock of this process counts.

Belongs here: that. Does not belong here: what the server does meanwhile.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def processor_of(data: Path) -> float:
    """Processor seconds of the server with this data folder and of all its processes, ended ones too."""
    pid = (data / "postmaster.pid").read_text().splitlines()[0]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = stat.read_text().rpartition(")")[2].split()
            if stat.parent.name == pid:
                ticks += sum(map(int, said[11:15]))
            elif said[1] == pid:
                ticks += sum(map(int, said[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
