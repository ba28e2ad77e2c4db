"""Who changed the access policy: an entry of the ledger whenever another one is put into force."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ledger import Draft, Entry, Event
from orchestration.books.home import home_ledger, identified, read_entries
from orchestration.settings import Settings


def note_access(settings: Settings, sha256: str) -> Entry | None:
    """Note the access policy that was put into force, unless the last such entry names it.

    Args:
        settings: Where everything lies.
        sha256: Of the policy's file.

    Returns:
        The new entry, of this month, in the name of who runs this process, or of the login where a server keeps the
        ledger; None when nothing has changed.

    Raises:
        GateError: The ledger was tampered with.
    """
    read_entries(settings)
    month = datetime.now(ZoneInfo(settings.timezone)).strftime("%Y-%m")
    with home_ledger(settings) as ledger:
        by = identified(ledger, None if ledger.is_server else getpass.getuser())

        def decide(entries: Sequence[Entry]) -> Draft | None:
            last = next((one for one in reversed(entries) if one.event is Event.ACCESS_CHANGED), None)
            if last is not None and last.details["sha256"] == sha256:
                return None
            details = {"sha256": sha256, "before": last.details["sha256"] if last else None}
            policy = settings.access_policy.name
            return Draft(
                month, Event.ACCESS_CHANGED, by, subject=policy, note=f"sha256 {sha256}", details=details
            )

        return ledger.append(decide)
