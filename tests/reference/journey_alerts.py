"""Journey and other alerts (rulebook 12): rows of `fct_journey_alerts`.

Belongs here: which alert exists, since when, who answers for it, open, closed or lapsed. Does not
belong here: sending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.reference.kpis_base import UNRESOLVED, Facts, Period, Row

STAGES = ("entered", "visited", "received", "intent_registered", "contract_archived", "settled")


@dataclass(frozen=True)
class Journey:
    """The first event of each stage of one customer ("Six stages, in this order")."""

    customer_key: str
    first: Mapping[str, Row]

    def at(self, stage: str) -> datetime | None:
        """When the stage was first reached."""
        event = self.first.get(stage)
        return None if event is None else event["occurred_at"]

    def later(self, stage: str) -> Row | None:
        """The earliest event of any stage after this one."""
        after = [self.first[name] for name in STAGES[STAGES.index(stage) + 1 :] if name in self.first]
        return min(after, key=lambda row: (row["occurred_at"], row["event_id"]), default=None)


def alert_id(*parts: str) -> str:
    """Stable name of an alert, so that "one alert is sent once"."""
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def journeys(facts: Facts) -> list[Journey]:
    """One journey per customer from all events up to the as-of time."""
    customers, leads = facts.customer_keys("customers"), facts.customer_keys("leads")
    found: dict[str, dict[str, Row]] = {}
    events = sorted(facts.rows("journey_events"), key=lambda row: (row["occurred_at"], row["event_id"]))
    for event in events:
        customer_id = event.get("customer_id") or None
        key = leads.get(event.get("lead_id") or "") or customers.get(customer_id or "", customer_id)
        if key is not None and event["occurred_at"] <= facts.as_of and event["stage"] in STAGES:
            found.setdefault(key, {}).setdefault(event["stage"], event)
    return [Journey(key, first) for key, first in sorted(found.items())]


def due_at(facts: Facts, journey: Journey, stage: str) -> datetime | None:
    """Rule: "Each stage has a maximum time" from the stage before it."""
    position = STAGES.index(stage)
    before = journey.at(STAGES[position - 1]) if position else None
    if before is None:
        return None
    return before + timedelta(seconds=facts.crediting(facts.day(before)).max_seconds[stage])


def responsible(facts: Facts, key: str, moment: datetime, event: Row | None) -> str:
    """Rule: "names the responsible employee (the owner at that moment)"."""
    owner = facts.owner_at(key, moment)
    if owner is not None:
        return owner
    keys = facts.customer_keys("leads")
    leads = [
        row for row in facts.rows("leads") if keys.get(row["lead_id"]) == key and row["created_at"] <= moment
    ]
    if leads:
        latest = max(leads, key=lambda row: (row["created_at"], row["lead_id"]))
        return str(latest["owner_employee_id"] or UNRESOLVED)
    return str((event or {}).get("employee_id") or UNRESOLVED)


def lapsed_at(facts: Facts, raised: datetime) -> datetime | None:
    """When an alert that nobody mended lapsed: a stretch of time after it was raised, if that is over."""
    stretch = facts.crediting(facts.day(raised)).lapse_seconds
    if stretch is None or raised + timedelta(seconds=stretch) > facts.as_of:
        return None
    return raised + timedelta(seconds=stretch)


def _alert(
    facts: Facts,
    journey: Journey,
    kind: str,
    stage: str,
    raised: datetime,
    cause: Row | None,
    closed: datetime | None = None,
) -> dict[str, Any]:
    own = journey.first.get(stage)
    lapsed = lapsed_at(facts, raised) if closed is None else None
    return {
        "alert_id": alert_id("journey", kind, journey.customer_key, stage),
        "kind": kind,
        "customer_key": journey.customer_key,
        "deal_id": (own or {}).get("deal_id") or (cause or {}).get("deal_id") or None,
        "stage": stage,
        "responsible_employee_id": responsible(facts, journey.customer_key, raised, cause),
        "due_at": due_at(facts, journey, stage),
        "raised_at": raised,
        "state": "closed" if closed else "lapsed" if lapsed else "open",
        "closed_at": closed or lapsed,
    }


def stage_alerts(facts: Facts, journey: Journey) -> list[dict[str, Any]]:
    """Rule: "A stage that is late, skipped or out of order raises an alert"."""
    found: list[dict[str, Any]] = []
    for position, stage in enumerate(STAGES):
        reached, later, due = journey.at(stage), journey.later(stage), due_at(facts, journey, stage)
        overtaken = later["occurred_at"] if later else None
        done = reached or overtaken
        if due is not None and (done or facts.as_of) > due:
            before = journey.first.get(STAGES[position - 1])
            found.append(_alert(facts, journey, "late", stage, due, before, done))
        if overtaken is not None and reached is None:
            found.append(_alert(facts, journey, "skipped", stage, overtaken, later))
        elif overtaken is not None and reached is not None and overtaken < reached:
            found.append(_alert(facts, journey, "out_of_order", stage, reached, journey.first[stage]))
    return found


def _plain(kind: str, parts: tuple[str, ...], who: str, raised: datetime, **more: Any) -> dict[str, Any]:
    closed = more.get("closed_at")
    return {
        "alert_id": alert_id(kind, *parts),
        "kind": kind,
        "customer_key": more.get("customer_key"),
        "deal_id": more.get("deal_id"),
        "stage": None,
        "responsible_employee_id": who,
        "due_at": None,
        "raised_at": raised,
        "state": "open" if closed is None else "closed",
        "closed_at": closed,
    }


def transfer_alerts(facts: Facts) -> list[dict[str, Any]]:
    """Abnormal transfers, closed by the latest resolution."""
    found: list[dict[str, Any]] = []
    for row in facts.rows("fct_transfers"):
        if not row["is_abnormal"]:
            continue
        decided = [
            (item["decided_at"], item["resolution_id"])
            for item in facts.rows("resolutions")
            if (item["subject"], item["subject_id"]) == ("transfer", row["change_id"])
            and item["decided_at"] <= facts.as_of
        ]
        found.append(
            _plain(
                "abnormal_transfer",
                (row["change_id"], row["deal_id"]),
                row["to_employee_id"] or UNRESOLVED,
                row["signed_at"],
                customer_key=row["customer_key"],
                deal_id=row["deal_id"],
                closed_at=max(decided)[0] if decided else None,
            )
        )
    return found


def deal_alerts(facts: Facts) -> list[dict[str, Any]]:
    """Rule: "Relabelled deals are paid as classified and raise an alert"; internal circulation likewise."""
    deals = {row["deal_id"]: row for row in facts.rows("int_deals")}
    found: list[dict[str, Any]] = []
    for row in facts.rows("fct_deal_sources"):
        deal = deals[row["deal_id"]]
        for kind, column in (
            ("relabelled", "is_relabelled"),
            ("internal_circulation", "is_internal_circulation"),
        ):
            if row[column]:
                who, more = deal["owner_employee_id"] or UNRESOLVED, {"deal_id": row["deal_id"]}
                more["customer_key"] = row["customer_key"]
                found.append(_plain(kind, (row["deal_id"],), who, deal["signed_at"], **more))
    return found


def held_alerts(facts: Facts) -> list[dict[str, Any]]:
    """Held payouts: one alert per employee, reason and currency while a line is unsettled.

    It stands since the end of the first such month. What waits for the process bonus alone raises none.
    """
    lines = facts.rows("fct_payout_lines")
    known = {line["line_id"] for line in lines}
    months: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        is_held = line["status"] == "held" and alert_id(line["line_id"], "settled") not in known
        if is_held and line["reason"] != "process":
            key = (line["employee_id"], line["reason"] or "", line["currency"])
            months.setdefault(key, []).append(line["period"])
    found: list[dict[str, Any]] = []
    for group, periods in sorted(months.items()):
        ends = facts.midnight(Period.parse(min(periods)).plus(1).first)
        found.append(_plain("held_payout", group, group[0], min(ends, facts.as_of)))
    return found


def journey_alerts(facts: Facts) -> list[dict[str, Any]]:
    """Rows of `fct_journey_alerts`."""
    found = [alert for journey in journeys(facts) for alert in stage_alerts(facts, journey)]
    return [*found, *transfer_alerts(facts), *deal_alerts(facts), *held_alerts(facts)]
