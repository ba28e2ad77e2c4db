"""``incentives alerts``: what has to be looked at, and what was sent about it.

Belongs here: options and output. Does not belong here: state and sending (``serving.alerts``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.common.errors import closest
from orchestration.cli.console.output import Json, console, echo, echo_json, show_table
from orchestration.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.settings import Settings
    from serving.alerts import Alert, ChannelReport

app = typer.Typer(help="Alerts: list them, send them, the digest of the morning.", no_args_is_help=True)
_SEND_SECONDS = 300.0


@app.command("send")
def send(
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait at most for pace and retries.")
    ] = _SEND_SECONDS,
    as_json: Json = False,
) -> None:
    """Send what the channels have not been told yet; each alert once per channel."""
    from orchestration.runtime.access import protected_settings
    from orchestration.steps.alerting import send_alerts

    settings = protected_settings()
    report = send_alerts(settings, _database(settings), patience=wait, is_urgent=True)
    if as_json:
        echo_json(report)
    else:
        mended = report.closed - report.lapsed
        echo(f"{report.open} open alerts; {report.raised} new, {mended} mended, {report.lapsed} lapsed.")
        _show_channels(report.channels, "sent now")
    raise typer.Exit(1 if report.errors else 0)


@app.command("digest")
def digest(
    send_it: Annotated[bool, typer.Option("--send", help="Send it to the channels, once a day.")] = False,
    as_json: Json = False,
) -> None:
    """The digest: open alerts by kind and by responsible, oldest first."""
    from datetime import UTC, datetime

    from orchestration.runtime.access import protected_settings
    from orchestration.steps.alerting import channels_of, wording_of
    from serving.alerts import alert_state, overview_text, send_digest

    settings = protected_settings()
    channels, wording = channels_of(settings), wording_of(settings)
    if send_it:
        report = send_digest(settings.home, channels, wording=wording)
        if as_json:
            echo_json(report)
        else:
            echo(f"{report.open} open alerts.")
            _show_channels(report.channels, "sent now")
        raise typer.Exit(1 if report.errors else 0)
    state = alert_state(settings.home, channels, _database(settings))
    if as_json:
        echo_json({"open": len(state.alerts), **_counts(state.alerts)})
    else:
        echo(overview_text(state.alerts, wording, datetime.now(UTC)))


@app.command("list")
def list_alerts(
    kind: Annotated[str | None, typer.Option(help="Only of this kind, such as late.")] = None,
    employee: Annotated[str | None, typer.Option(help="Only those this employee is responsible for.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 50,
    as_json: Json = False,
) -> None:
    """Open alerts, oldest first."""
    from orchestration.runtime.access import protected_settings
    from serving.alerts import KINDS, alert_state

    if kind is not None and kind not in KINDS:
        raise InputError(
            f"--kind {kind!r} is not a kind of alert", hint=f"{closest(kind, KINDS)}Kinds: {', '.join(KINDS)}"
        )
    settings = protected_settings()
    found = [
        alert
        for alert in alert_state(settings.home, (), _database(settings)).alerts
        if kind in (None, alert.kind) and employee in (None, alert.responsible)
    ]
    shown = found[:limit] if limit else found
    if as_json:
        echo_json({"open": len(found), "alerts": shown})
        return
    headings = ("since (UTC)", "kind", "stage", "responsible", "customer", "deal", "detail")
    show_table(f"{len(found)} open alerts", headings, [_row(alert) for alert in shown])
    if len(shown) < len(found):
        echo(f"and {len(found) - len(shown)} more; --limit 0 shows all")


@app.command("status")
def status(as_json: Json = False) -> None:
    """What was sent on each channel, what waits, what is uncertain."""
    from orchestration.runtime.access import protected_settings
    from orchestration.steps.alerting import channels_of
    from serving.alerts import alert_state

    settings = protected_settings()
    state = alert_state(settings.home, channels_of(settings))
    if as_json:
        echo_json({"open": len(state.alerts), "channels": state.channels})
        return
    echo(f"{len(state.alerts)} open alerts, as of the last delivery.")
    _show_channels(state.channels, "sent")


def _database(settings: Settings) -> Path | None:
    """Where readers look; None before anything was computed."""
    database = settings.readers_database
    return database if database.exists() else None


def _show_channels(channels: Sequence[ChannelReport], sent: str) -> None:
    if not channels:
        echo("No channel is configured: set INCENTIVES_ALERT_CHANNELS (.env.example shows how).")
        return
    headings = ("channel", sent, "waiting", "unconfirmed", "trouble")
    rows = [(one.channel, one.sent, one.waiting, one.unconfirmed, one.error) for one in channels]
    show_table("Channels", headings, rows, to=console())


def _counts(alerts: Sequence[Alert]) -> dict[str, Any]:
    from collections import Counter

    kinds = Counter(alert.kind for alert in alerts)
    people = Counter(alert.responsible for alert in alerts)
    return {
        "by_kind": dict(kinds.most_common()),
        "by_responsible": dict(people.most_common()),
        "oldest": alerts[:10],
    }


def _row(alert: Alert) -> list[str]:
    return [
        alert.since.strftime("%Y-%m-%d %H:%M"),
        alert.kind,
        alert.stage,
        f"{alert.responsible_name} ({alert.responsible})" if alert.responsible_name else alert.responsible,
        alert.customer_name or alert.customer_key,
        alert.deal_id,
        "" if alert.stage else alert.detail,
    ]
