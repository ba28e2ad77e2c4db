"""When jobs run by the clock.

Belongs here: cron times. Does not belong here: what the jobs do (``defs.jobs``), arrivals of data (``sensors``).
"""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.settings import Environment, Settings

if TYPE_CHECKING:
    from orchestration.defs.jobs import Jobs


def build_schedules(jobs: "Jobs", settings: Settings) -> list[dg.ScheduleDefinition]:
    """Extraction every day at 02:00, pay on the first day of a month at 04:00, in the plans' time zone.

    In production they are on from the start; elsewhere they wait to be switched on in the UI.
    """
    status = (
        dg.DefaultScheduleStatus.RUNNING
        if settings.env is Environment.PROD
        else dg.DefaultScheduleStatus.STOPPED
    )
    return [
        dg.ScheduleDefinition(
            name="daily_extraction",
            job=jobs["land"],
            cron_schedule="0 2 * * *",
            execution_timezone=settings.timezone,
            default_status=status,
            description="Lands what has arrived in the inbox.",
        ),
        dg.ScheduleDefinition(
            name="monthly_pay",
            job=jobs["pay"],
            cron_schedule="0 4 1 * *",
            execution_timezone=settings.timezone,
            default_status=status,
            description="Computes, checks and publishes pay when a month has ended.",
        ),
    ]
