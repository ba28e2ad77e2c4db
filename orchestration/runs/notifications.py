"""What follows a run: the pages of the last month, and alerts to whoever has to look at something.

Here belongs what is taken from an outcome, and that trouble here never fails a run. Not here: pages and messages
(``serving``), showing (``cli``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.runs.run import Outcome
    from serving.alerts import AlertReport
    from serving.reports import RenderResult

T = TypeVar("T")


@dataclass(frozen=True)
class AfterRun:
    """What came of it.

    Args:
        reports: None when there were none to write.
        alerts: None when they could not even be read.
        troubles: What went wrong, in sentences; the run is done all the same.
    """

    reports: RenderResult | None = None
    alerts: AlertReport | None = None
    troubles: tuple[str, ...] = ()


def after_run(settings: Settings, outcome: Outcome) -> AfterRun:
    """Write reports when figures were published, and send alerts whether or not they were.

    Args:
        settings: Where everything lies.
        outcome: Of the run; its failing checks become alerts.
    """
    troubles: list[str] = []
    reports = _tried("reports", lambda: _write(settings), troubles) if outcome.success else None
    alerts = _tried("alerts", lambda: _send(settings, outcome), troubles)
    troubles += [*(reports.troubles if reports else ()), *(alerts.errors if alerts else ())]
    return AfterRun(reports, alerts, tuple(troubles))


def _write(settings: Settings) -> RenderResult:
    from serving.reports import write_reports

    return write_reports(settings.warehouse, settings.reports, timezone=settings.timezone)


def _send(settings: Settings, outcome: Outcome) -> AlertReport:
    from orchestration.steps.alerting import send_alerts
    from serving.alerts import Checks

    database = settings.warehouse if outcome.success else None
    return send_alerts(settings, database, checks=Checks(outcome.not_passed, are_all=outcome.success))


def _tried(what: str, work: Callable[[], T], troubles: list[str]) -> T | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001  the figures are published; pages and messages can be made again
        troubles.append(f"{what}: {error}")
        return None
