"""What messages say, in Chinese and English, cut to what a channel takes.

Here belong words and bytes. Not here: which messages there are (`planning.py`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from serving.alerts.model import Alert

ELLIPSIS = "…"
_PEOPLE, _OLDEST = 15, 10
_WORDS = {
    "alert": ("激励预警", "Incentives alert"),
    "mended": ("预警已解除", "Alert closed"),
    "summary": ("激励预警汇总：新增 {count} 条", "Incentives alerts: {count} new"),
    "closed_summary": ("激励预警汇总：解除 {count} 条", "Incentives alerts: {count} closed"),
    "digest": ("激励预警日报 {day}：未处理 {count} 条", "Incentives alerts {day}: {count} open"),
    "nothing": ("没有未处理的预警。", "There is no open alert."),
    "notice": ("激励预警：{count} 条消息送达情况不明", "Incentives alerts: delivery of {count} unknown"),
    "notice_body": (
        "发送中断，以下消息可能已送达，也可能未送达；为避免重复不再补发，请对照群内编号：",
        "These messages may or may not have arrived. They are not sent again; look for their numbers above:",
    ),
    "by_kind": ("按类型", "By kind"),
    "by_person": ("按责任人（最早）", "By responsible (oldest)"),
    "oldest": ("最早的", "Oldest"),
    "more": ("另有 {count} 项", "and {count} more"),
    "customer": ("客户", "Customer"),
    "deal": ("合同", "Deal"),
    "responsible": ("责任人", "Responsible"),
    "nobody": ("未指定", "nobody"),
    "due": ("应完成", "Due"),
    "raised": ("发生", "Since"),
    "detail": ("说明", "Detail"),
    "number": ("编号", "No."),
    "late": ("阶段超期", "Stage late"),
    "skipped": ("阶段跳过", "Stage skipped"),
    "out_of_order": ("阶段顺序错误", "Stage out of order"),
    "abnormal_transfer": ("异常转移", "Abnormal transfer"),
    "relabelled": ("成交来源改标", "Relabelled deal"),
    "internal_circulation": ("内部流转", "Internal circulation"),
    "held_payout": ("奖金暂扣", "Held payout"),
    "failed_check": ("检查未通过", "Failed check"),
    "entered": ("进入", "entered"),
    "visited": ("到访", "visited"),
    "received": ("接待", "received"),
    "intent_registered": ("意向登记", "intent registered"),
    "contract_archived": ("合同归档", "contract archived"),
    "settled": ("结算", "settled"),
    "and": ("；", "; "),
    "colon": ("：", ": "),
}


class Texts:
    """The words of one language, times in one time zone."""

    def __init__(self, language: str, timezone: str) -> None:
        self._index = 0 if language == "zh" else 1
        self._zone = ZoneInfo(timezone)

    def word(self, key: str, **values: object) -> str:
        """A text; a kind or stage without one is shown as it is."""
        pair = _WORDS.get(key)
        return pair[self._index].format(**values) if pair else key

    def time(self, value: datetime) -> str:
        """A moment in the time zone of the business."""
        return value.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def heading(self, alert: Alert) -> str:
        """Kind and stage: what it is about in a few words."""
        stage = f" · {self.word(alert.stage)}" if alert.stage else ""
        return self.word(alert.kind) + stage

    def person(self, alert: Alert) -> str:
        """Name and id of whoever is responsible."""
        if not alert.responsible:
            return self.word("nobody")
        return (
            f"{alert.responsible_name} ({alert.responsible})" if alert.responsible_name else alert.responsible
        )

    def customer(self, alert: Alert) -> str:
        """Name and key of the customer, or nothing."""
        name = alert.customer_name or alert.customer_key
        return f"{name} ({alert.customer_key})" if name != alert.customer_key else name

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
        lines += [f"- {self.word(kind)} {count}" for kind, count in kinds.most_common()]
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
