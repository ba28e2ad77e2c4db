"""Texts of messages in one language, cut to the bytes that a channel takes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.common.visible import visible
from serving.alerts.model import Alert
from serving.catalogue import name, text

ELLIPSIS = "…"
_PEOPLE, _OLDEST = 15, 10


class Texts:
    """The words of one language, times in one time zone."""

    def __init__(self, language: str, timezone: str) -> None:
        self._language = language
        self._zone = ZoneInfo(timezone)

    def word(self, key: str, **values: object) -> str:
        """A text of the messages."""
        return text(f"message.{key}", self._language, **values)

    def name(self, domain: str, key: str) -> str:
        """The name of a kind or stage; one that the catalogue lacks stays as it is."""
        return name(domain, key, self._language)

    def time(self, value: datetime) -> str:
        """A moment in the time zone of the business."""
        return value.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def heading(self, alert: Alert) -> str:
        """Kind and stage: what it is about in a few words."""
        stage = f" · {self.name('stage', alert.stage)}" if alert.stage else ""
        return self.name("alert", alert.kind) + stage

    def person(self, alert: Alert) -> str:
        """Name and id of whoever is responsible."""
        if not alert.responsible:
            return self.word("nobody")
        return (
            f"{alert.responsible_name} ({alert.responsible})" if alert.responsible_name else alert.responsible
        )

    def customer(self, alert: Alert) -> str:
        """Name and key of the customer, or nothing."""
        shown = alert.customer_name or alert.customer_key
        return f"{shown} ({alert.customer_key})" if shown != alert.customer_key else shown

    def lines_of(self, alert: Alert) -> list[str]:
        """An alert in full, a fact a line."""
        facts = [
            ("customer", self.customer(alert)),
            ("deal", alert.deal_id),
            ("responsible", self.person(alert)),
            ("due", self.time(alert.due_at) if alert.due_at else ""),
            ("raised", self.time(alert.raised_at)),
            ("detail", "" if alert.stage else alert.detail),
        ]
        return [self.word(key) + self.word("colon") + value for key, value in facts if value]

    def short(self, alert: Alert) -> str:
        """An alert in one line."""
        parts = [
            self.time(alert.since),
            self.heading(alert),
            self.customer(alert) or alert.detail,
            self.person(alert),
        ]
        return "- " + self.word("and").join(part for part in parts if part)

    def overview(self, alerts: Sequence[Alert]) -> list[str]:
        """Counts by kind and by responsible, then the oldest ones.

        Args:
            alerts: Oldest first.
        """
        kinds = Counter(alert.kind for alert in alerts)
        lines = [self.word("by_kind") + self.word("colon")]
        lines += [f"- {self.name('alert', kind)} {count}" for kind, count in kinds.most_common()]
        people = self._people(alerts)
        lines += [
            self.word("by_person") + self.word("colon"),
            *people[:_PEOPLE],
            *self._more(people, _PEOPLE),
        ]
        lines += [self.word("oldest") + self.word("colon")]
        lines += [self.short(alert) for alert in alerts[:_OLDEST]]
        return lines + self._more(alerts, _OLDEST)

    def _people(self, alerts: Sequence[Alert]) -> list[str]:
        by_person: dict[str, list[Alert]] = {}
        for alert in alerts:
            by_person.setdefault(self.person(alert), []).append(alert)
        ranked = sorted(by_person.items(), key=lambda item: (-len(item[1]), item[1][0].since, item[0]))
        return [f"- {name} {len(own)} ({self.time(own[0].since)})" for name, own in ranked]

    def _more(self, things: Sequence[object], shown: int) -> list[str]:
        left = len(things) - shown
        return ["- " + self.word("more", count=left)] if left > 0 else []


def one_line(text: str) -> str:
    """A text in which nothing delivered, such as a customer's name, can begin a line or reverse what follows."""
    return visible(text.replace("\r", "\\r").replace("\n", "\\n"))


def cut(text: str, size: int) -> str:
    """A text of at most `size` bytes in UTF-8, cut between characters, with an ellipsis when it was cut."""
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    room = max(size - len(ELLIPSIS.encode()), 0)
    return encoded[:room].decode(errors="ignore") + ELLIPSIS


def parts_of(lines: Iterable[str], size: int) -> list[str]:
    """Lines joined to texts of at most `size` bytes; a line that is too long alone is cut."""
    parts: list[str] = []
    for line in (cut(line, size) for line in lines):
        longer = f"{parts[-1]}\n{line}" if parts else line
        if parts and len(longer.encode()) <= size:
            parts[-1] = longer
        else:
            parts.append(line)
    return parts
