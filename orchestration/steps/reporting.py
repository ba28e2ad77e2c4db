"""The pages of the last month after a publication.

Belongs here: which database and folder. Does not belong here: pages (``serving.reports``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.books.overview import signatures
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.reports import RenderResult


def write_last_month(settings: Settings) -> RenderResult:
    """Write the pages of the last month with payouts.

    Raises:
        serving.errors.ServingError: There are no figures, or a page cannot be written.
    """
    from serving.reports import Imprint, write_reports

    imprint = Imprint(settings.timezone, signatures(settings))
    report = write_reports(settings.readers_database, settings.reports, imprint=imprint)
    emit("report", "note", f"{report.pages} pages of {report.period}")
    return report
