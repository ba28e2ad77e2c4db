"""Landing what people decided by command since the last run.

Belongs here: the call. Does not belong here: which rows these are (``books.cases.decided_rows``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.books.cases.decided_rows import decided_delivery
from orchestration.settings import Settings
from orchestration.steps.landing.one_delivery import land_delivery
from orchestration.steps.zones import delivery_timezone

if TYPE_CHECKING:
    from connectors.files import ImportReport


def land_decisions(settings: Settings) -> tuple[ImportReport, ...]:
    """Land the adjustments and resolutions of the ledger that the raw layer does not hold."""
    from connectors.files import DeliverySpec

    folder = decided_delivery(settings)
    if folder is None:
        return ()
    return (land_delivery(settings, DeliverySpec(folder, timezone=delivery_timezone(settings))),)
