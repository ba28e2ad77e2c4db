"""What the status and reason of a payout line mean, and what would release it, in Chinese and English.

Here belong the sentences. Not here: reading lines (`rows.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from serving.translations import Language

Pair = tuple[str, str]

_DECISION: Pair = (
    "或在 resolutions 中对本明细作出决定（subject = payout_line，subject_id = {line_id}）",
    "or a decision on this line in resolutions (subject = payout_line, subject_id = {line_id})",
)
_HOLDS: dict[str, tuple[Pair, Pair]] = {
    "bad_split": (
        ("该合同的分成比例合计不是 100 %", "the split rows of the deal do not add up to 100 %"),
        ("更正 deal_splits 中 {deal_id} 的比例", "correct the shares of {deal_id} in deal_splits"),
    ),
    "unresolved": (
        ("来源系统的人员无法对应到员工", "the person of the source system is no known employee"),
        ("在 source_users 中补充对应关系", "name the employee in source_users"),
    ),
    "transfer": (
        (
            "该合同在客户转交后签订，转交异常或没有原因（{change_id}）",
            "the deal was signed after a transfer that is abnormal or has no reason ({change_id})",
        ),
        (
            (
                "在 ownership_changes 中补充原因（仅限缺少原因的转交），或在 resolutions 中对转交作出决定"
                "（subject = transfer，subject_id = {change_id}）"
            ),
            (
                "state the reason in ownership_changes (when only that is missing), or decide on the transfer in "
                "resolutions (subject = transfer, subject_id = {change_id})"
            ),
        ),
    ),
    "process": (
        (
            "当月过程奖的到访数或转化率未达标",
            "the month did not reach the visits or the conversion of the process bonus",
        ),
        (
            "此后某月的滚动到访数和转化率均达标时自动解扣",
            "released by itself in the first later month whose trailing figures reach both",
        ),
    ),
    "terminated": (
        ("发生日在离职之后", "it was earned after the last day employed"),
        ("由负责人决定是否发放", "somebody has to decide whether it is paid"),
    ),
    "no_plan": (
        ("当日没有适用于该员工的方案", "no plan covers the employee on that day"),
        ("将其部门纳入某个方案", "put the department into a plan"),
    ),
    "no_fx_rate": (
        ("缺少签约日的汇率", "there is no rate of exchange for the day of signing"),
        ("在 fx_rates 中补充汇率", "deliver the rate in fx_rates"),
    ),
}
_REMARKS: dict[str, Pair] = {
    "no_baseline": (
        "缺少基期数据，按基础比例计算",
        "there is no baseline to grow from: the base rate applies",
    ),
    "above_cap": ("超过封顶的部分", "what is above the cap"),
    "cap_returned": ("此前结转的超额部分本期返还", "excess carried from earlier months comes back"),
    "floor": ("补足到保底金额", "fills up to the floor"),
    "draw": ("补足到保底（预支）", "fills up to the guaranteed minimum"),
    "draw_recovered": ("从超出保底的收入中扣回预支", "the draw is recovered from what is above the minimum"),
    "no_targets": ("没有目标", "there are no targets"),
    "no_data": ("没有数据", "there are no data"),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason why a line is held or gone, and what would release it."""

    reason: str
    meaning: str
    release: str


def holds(reasons: str, language: Language, **ids: str) -> tuple[Hold, ...]:
    """The reasons of a held, released or forfeited line, in words.

    Args:
        reasons: Reasons joined by `;`.
        language: Of the texts.
        **ids: line_id, deal_id, change_id.
    """
    return tuple(_hold(name, language, ids) for name in reasons.split(";") if name)


def _hold(name: str, language: Language, ids: dict[str, str]) -> Hold:
    if name not in _HOLDS:
        return Hold(name, remark(name, language) or name, "")
    meaning, release = (_pick(pair, language) for pair in _HOLDS[name])
    decision = "" if name in {"process", "unresolved"} else _pick(_DECISION, language)
    joined = "，" if language == "zh" else ", "
    parts: Iterator[str] = (part for part in (release, decision) if part)
    return Hold(name, meaning.format(**ids), joined.join(parts).format(**ids))


def remark(reason: str, language: Language) -> str | None:
    """A remark of a line that is not held; None when it is free text."""
    pair = _REMARKS.get(reason)
    return None if pair is None else _pick(pair, language)


def _pick(pair: Pair, language: Language) -> str:
    return pair[0 if language == "zh" else 1]
