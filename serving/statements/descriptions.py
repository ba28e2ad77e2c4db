"""What a component of a plan pays, as one sentence, from the plan's canonical text.

Here belongs how settings read. Not here: what a plan may say (connectors), names (`serving/translations.py`).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from serving.translations import Language, word

Settings = Mapping[str, Any]


def describe(component: Settings, language: Language) -> str:
    """One sentence on a component.

    Args:
        component: Its settings as the canonical plan text has them (numbers as text).
        language: Of the sentence.

    Returns:
        The sentence; empty for a type that pays nothing by itself.
    """
    writer = _WRITERS.get(str(component.get("type")))
    return writer(component, language) if writer else ""


def percent(rate: Any) -> str:
    """A rate as `4.5 %`; empty for none."""
    if rate is None:
        return ""
    return f"{(Decimal(str(rate)) * 100).normalize():f} %"


def number(value: Any) -> str:
    """A figure with thousands separators and no needless zeros."""
    text = f"{Decimal(str(value)):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _commission(component: Settings, language: Language) -> str:
    table = component.get("rate_table")
    said = _table(table, language) if table else _flat(component["rates"], language)
    zh = language == "zh"
    if cap := component.get("cap"):
        said += f"；封顶 {number(cap['amount'])}" if zh else f"; at most {number(cap['amount'])}"
        said += _excess(cap["excess"], language)
    if floor := component.get("floor"):
        said += f"；保底 {number(floor['amount'])}" if zh else f"; at least {number(floor['amount'])}"
    return said


def _flat(rates: Settings, language: Language) -> str:
    separator = "，" if language == "zh" else ", "
    return separator.join(f"{word(source, language)} {percent(rate)}" for source, rate in rates.items())


def _table(table: Settings, language: Language) -> str:
    zh = language == "zh"
    show = percent if table["unit"] == "quota_pct" else number
    steps = []
    for tier in table["tiers"]:
        start, end = tier["start_rate"] or tier["rate"], tier["end_rate"] or tier["rate"]
        rate = percent(start) if start == end else f"{percent(start)} – {percent(end)}"
        if tier["up_to"] is None:
            steps.append(f"以上 {rate}" if zh else f"above {rate}")
        else:
            steps.append(f"至 {show(tier['up_to'])} {rate}" if zh else f"up to {show(tier['up_to'])} {rate}")
    modes = {
        "marginal": ("分段累进", "each slice at its rate"),
        "whole": ("全额按达到档", "all at the rate reached"),
    }
    mode = modes.get(table["mode"], ("档内按比例", "in proportion inside a tier"))[0 if zh else 1]
    sources = ("、" if zh else ", ").join(word(source, language) for source in table["sources"])
    interval = word(table["interval"], language)
    of = ("（占定额）" if zh else " of quota") if table["unit"] == "quota_pct" else ""
    if zh:
        return f"{sources}按{interval}累计{of}：{'，'.join(steps)}（{mode}）"
    return f"{sources}, on the total of the {interval}{of}: {', '.join(steps)} ({mode})"


def _excess(excess: str, language: Language) -> str:
    if excess == "carry":
        return "（超额结转下期）" if language == "zh" else " (excess carried forward)"
    return "（超额作废）" if language == "zh" else " (excess lost)"


def _collaboration(_: Settings, language: Language) -> str:
    if language == "zh":
        return "共同促成或转介绍的合同，奖金由参与者平分"
    return "an award on deals worked jointly or referred, split equally among those involved"


def _points(component: Settings, language: Language) -> str:
    base, value = number(component["base"]), number(component["point_value"])
    if language == "zh":
        return f"每条有效线索 {base} 分，每分 {value}"
    return f"{base} points for each valid lead, {value} a point"


def _process_bonus(component: Settings, language: Language) -> str:
    target, conversion = number(component["target"]), percent(component["min_conversion"])
    bonus, months = number(component["bonus"]), component["trailing_months"]
    if language == "zh":
        kept = {
            "held": f"否则获客提成暂扣，滚动 {months} 个月达标后解扣",
            "forfeited": "否则获客提成作废",
            "paid": "否则只是没有过程奖",
        }[component["origination"]]
        return f"有效到访 ≥ {target} 且转化率 ≥ {conversion} 时发 {bonus}；{kept}"
    kept = {
        "held": f"otherwise origination is held until {months} trailing months reach both",
        "forfeited": "otherwise origination is forfeited",
        "paid": "otherwise there is just no bonus",
    }[component["origination"]]
    return f"{bonus} when valid visits ≥ {target} and conversion ≥ {conversion}; {kept}"


def _task(component: Settings, language: Language) -> str:
    cap, share = percent(component["attainment_cap"]), percent(component["target_cap"])
    if language == "zh":
        paid = "任务得分 × 奖金基数" if component["pay"] == "bonus_base" else "只考核，不发放"
        return f"{paid}；完成率最高计 {cap}，新客目标不超过能力值的 {share}"
    paid = "task score × bonus base" if component["pay"] == "bonus_base" else "shown, not paid"
    return f"{paid}; attainment counts up to {cap}, new-customer targets at most {share} of capability"


def _growth_bonus(component: Settings, language: Language) -> str:
    zh = language == "zh"
    base = Decimal(str(component["base_rate"]))
    added = base if component["mode"] == "increment" else Decimal(0)
    steps = "".join(
        (f"，增长 ≥ {percent(step['growth'])} 为 " if zh else f", growth ≥ {percent(step['growth'])}: ")
        + percent(added + Decimal(str(step["rate"])))
        for step in component["steps"]
    )
    bases = {
        "earned_commission": ("本期提成", "the commission of the month"),
        "measure": ("该指标", "the measure"),
        "bonus_base": ("奖金基数", "the bonus base"),
    }
    basis = bases[component["basis"]][0 if zh else 1]
    if component["on"] == "increment_only":
        basis += "的增量部分" if zh else ", of the part above the baseline"
    measure = word(component["measure"], language)
    if zh:
        return f"按{measure}的增长：基础 {percent(base)}{steps}，乘以{basis}"
    return f"by growth of the {measure}: base {percent(base)}{steps}; on {basis}"


def _team_growth(component: Settings, language: Language) -> str:
    threshold, rate = percent(component["threshold"]), percent(component["rate"])
    measure = word(component["measure"], language)
    if language == "zh":
        return f"团队{measure}增长 ≥ {threshold} 时，另得本人本期提成的 {rate}"
    return f"another {rate} of the own commission when the {measure} of the team grows by {threshold} or more"


def _contribution(component: Settings, language: Language) -> str:
    bonus, threshold = number(component["bonus"]), number(component["threshold"])
    calls, minutes = number(component["follow_ups_reference"]), number(component["minutes_reference"])
    if language == "zh":
        return f"贡献分 ≥ {threshold} 时发 {bonus}（{calls} 次跟进、{minutes} 分钟为满分）"
    return f"{bonus} from a score of {threshold} on ({calls} follow-ups and {minutes} minutes count as full)"


def _plan_cap(component: Settings, language: Language) -> str:
    amount, excess = number(component["amount"]), _excess(component["excess"], language)
    if language == "zh":
        return f"方案内各项合计最高 {amount}{excess}"
    return f"all components of the plan together at most {amount}{excess}"


def _draw(component: Settings, language: Language) -> str:
    amount = number(component["amount"])
    if language == "zh":
        return f"每月最低 {amount}，" + ("以后多得时扣回" if component["recoverable"] else "不扣回")
    return f"at least {amount} a month, " + (
        "recovered later" if component["recoverable"] else "not recovered"
    )


def _scorecard(component: Settings, language: Language) -> str:
    weights = component["group_weights"]
    business, management = number(weights["business"]), number(weights["management"])
    count = len(component["kpis"])
    if language == "zh":
        return f"{count} 项指标；业务 {business} % + 管理 {management} %，得分 × 奖金基数"
    return f"{count} KPIs; business {business} % + management {management} %, score × bonus base"


_WRITERS: dict[str, Callable[[Settings, Language], str]] = {
    "commission": _commission,
    "collaboration": _collaboration,
    "points": _points,
    "process_bonus": _process_bonus,
    "task": _task,
    "growth_bonus": _growth_bonus,
    "team_growth": _team_growth,
    "contribution": _contribution,
    "plan_cap": _plan_cap,
    "draw": _draw,
    "scorecard": _scorecard,
}
