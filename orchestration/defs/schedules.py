"""When jobs run by the clock.

Belongs here: cron times. Does not belong here: what the jobs do (``defs.jobs``), arrivals of data (``sensors``).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.defs.policies import STARTED_AGAIN
from orchestration.errors import InputError
from orchestration.settings import Environment, Settings

if TYPE_CHECKING:
    from orchestration.defs.jobs import Jobs


def build_schedules(jobs: "Jobs", settings: Settings) -> list[dg.ScheduleDefinition]:
    """Landing (every day at 02:00 unless set), pay (first of the month, 04:00), the month before calculated (05:00).

    All in the plans' time zone. Nothing is approved or locked by the clock.

    In production they are on from the start; elsewhere they wait to be switched on in the UI.

    Raises:
        InputError: A setting is no cron schedule.
    """
    status = (
        dg.DefaultScheduleStatus.RUNNING
        if settings.env is Environment.PROD
        else dg.DefaultScheduleStatus.STOPPED
    )

    @dg.schedule(
        name="close_month",
        job=jobs["close_month"],
        cron_schedule=_cron(settings, "close_cron"),
        execution_timezone=settings.timezone,
        default_status=status,
        description="Calculates the month that has ended and says what hinders its approval; locks nothing.",
    )
    def close_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        month = month_before(context.scheduled_execution_time.astimezone(ZoneInfo(settings.timezone)))
        return dg.RunRequest(run_key=month, partition_key=month, tags=STARTED_AGAIN)

    return [
        close_month,
        dg.ScheduleDefinition(
            name="daily_extraction",
            job=jobs["land"],
            cron_schedule=_cron(settings, "land_cron"),
            execution_timezone=settings.timezone,
            default_status=status,
            tags=STARTED_AGAIN,
            description="Lands what has arrived in the inbox.",
        ),
        dg.ScheduleDefinition(
            name="monthly_pay",
            job=jobs["pay"],
            cron_schedule=_cron(settings, "pay_cron"),
            execution_timezone=settings.timezone,
            default_status=status,
            tags=STARTED_AGAIN,
            description="Computes, checks and publishes pay when a month has ended.",
        ),
    ]


def _cron(settings: Settings, name: str) -> str:
    """The times of a schedule as they are set; wrong ones would end the whole code location without a word."""
    cron: str = getattr(settings, name)
    try:
        dg.ScheduleDefinition(name=name, job_name=name, cron_schedule=cron)
    except dg.DagsterInvalidDefinitionError as error:
        raise InputError(
            f"INCENTIVES_{name.upper()} is {cron!r}, which is no cron schedule",
            hint="write minute, hour, day, month and weekday, such as 0 4 1 * *",
        ) from error
    return cron


def month_before(moment: datetime) -> str:
    """The month before that of a moment, ``2026-10``."""
    last_day = moment.replace(day=1) - timedelta(days=1)
    return f"{last_day:%Y-%m}"
