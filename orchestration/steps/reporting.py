"""The pages of the last month after a publication.

Belongs here: which database and folder. Does not belong here: pages (``serving.reports``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.reports import RenderResult


def write_last_month(settings: Settings) -> RenderResult:
    """Write the pages of the last month with payouts.

    Raises:
        serving.errors.ServingError: There are no figures, or a page cannot be written.
    """
    from serving.reports import write_reports

    report = write_reports(settings.readers_database, settings.reports, timezone=settings.timezone)
    emit("report", "note", f"{report.pages} pages of {report.period}")
    return report
