"""What to land and how: the one description of a delivery, from the command line to `import_delivery`.

Belongs here: its fields. Does not belong here: reading the folder (`delivery`), the import (`importer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class DeliverySpec:
    """One delivery.

    Attributes:
        folder: The delivery: files in the templates, or foreign files together with `mapping`.
        mapping: Mapping file for foreign files.
        snapshot: Each file holds all records of its entity; known ones that are missing become deleted.
        allow_shrink: Let a delivery pass that looks truncated.
        timezone: IANA zone of timestamps without an offset, and of bare dates.
        encoding: Encoding of the text files; None: found out.
        land_again: Land it also when its content is that of the last load (a folder of another name).
    """

    folder: Path
    mapping: Path | None = None
    snapshot: bool = False
    allow_shrink: bool = False
    timezone: str = DEFAULT_TIMEZONE
    encoding: str | None = None
    land_again: bool = False
