"""How often Python looks for garbage in a process that holds a large manifest.

Belongs here: that one setting. Does not belong here: limits of memory (``runtime.memory``).
"""

from __future__ import annotations

import atexit
import gc

#: new objects between two searches; Python's own 700 makes it walk the objects of a manifest again and again
_NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Look for unreachable cycles of objects a seventieth as often as Python does by itself.

    Walking the objects of dbt's manifest and of Dagster's definitions for garbage that is not there was an eighth of
    the processor time of a run (dbt 1.11, Dagster 1.13, 2026-11). Reference counting frees the rest at once, as ever. A
    process that ends does not look once more: its memory goes with it, and what has to be closed is closed by then.
    """
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
