"""Descriptions of plan components: one sentence each, from the canonical text of the plan."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from serving.catalogue import Language, name, text

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


def _say(key: str, language: Language, **values: object) -> str:
    return text(f"plan.{key}", language, **values)


def _commission(component: Settings, language: Language) -> str:
    table = component.get("rate_table")
    sentence = _table(table, language) if table else _flat(component["rates"], language)
    if cap := component.get("cap"):
        sentence += _say("cap", language, amount=number(cap["amount"])) + _excess(cap["excess"], language)
    if floor := component.get("floor"):
        sentence += _say("floor", language, amount=number(floor["amount"]))
    return sentence


def _flat(rates: Settings, language: Language) -> str:
    parts = (f"{name('source', source, language)} {percent(rate)}" for source, rate in rates.items())
    return _say("joined", language).join(parts)


def _table(table: Settings, language: Language) -> str:
    is_quota = table["unit"] == "quota_pct"
    show = percent if is_quota else number
    steps = []
    for tier in table["tiers"]:
        start, end = tier["start_rate"] or tier["rate"], tier["end_rate"] or tier["rate"]
        rate = percent(start) if start == end else f"{percent(start)} – {percent(end)}"
        if tier["up_to"] is None:
            steps.append(_say("tier.last", language, rate=rate))
        else:
            steps.append(_say("tier.up_to", language, bound=show(tier["up_to"]), rate=rate))
    return _say(
        "table",
        language,
        sources=_say("source_list", language).join(name("source", one, language) for one in table["sources"]),
        interval=name("interval", table["interval"], language),
        of=_say("of_quota", language) if is_quota else "",
        steps=_say("joined", language).join(steps),
        mode=_say(f"mode.{table['mode']}", language),
    )


def _excess(excess: str, language: Language) -> str:
    return _say("excess.carry" if excess == "carry" else "excess.lose", language)


def _collaboration(_: Settings, language: Language) -> str:
    return _say("collaboration", language)


def _points(component: Settings, language: Language) -> str:
    return _say("points", language, base=number(component["base"]), value=number(component["point_value"]))


def _process_bonus(component: Settings, language: Language) -> str:
    return _say(
        "process_bonus",
        language,
        target=number(component["target"]),
        conversion=percent(component["min_conversion"]),
        bonus=number(component["bonus"]),
        origination=_say(
            f"origination.{component['origination']}", language, months=component["trailing_months"]
        ),
    )


def _task(component: Settings, language: Language) -> str:
    key = "task.bonus_base" if component["pay"] == "bonus_base" else "task.none"
    return _say(
        key, language, cap=percent(component["attainment_cap"]), share=percent(component["target_cap"])
    )


def _growth_bonus(component: Settings, language: Language) -> str:
    base = Decimal(str(component["base_rate"]))
    added = base if component["mode"] == "increment" else Decimal(0)
    steps = (
        _say(
            "growth.step",
            language,
            growth=percent(step["growth"]),
            rate=percent(added + Decimal(str(step["rate"]))),
        )
        for step in component["steps"]
    )
    basis = _say(f"growth.basis.{component['basis']}", language)
    if component["on"] == "increment_only":
        basis += _say("growth.increment", language)
    return _say(
        "growth",
        language,
        measure=name("measure", component["measure"], language),
        base=percent(base),
        steps="".join(steps),
        basis=basis,
    )


def _team_growth(component: Settings, language: Language) -> str:
    return _say(
        "team_growth",
        language,
        threshold=percent(component["threshold"]),
        rate=percent(component["rate"]),
        measure=name("measure", component["measure"], language),
    )


def _contribution(component: Settings, language: Language) -> str:
    return _say(
        "contribution",
        language,
        bonus=number(component["bonus"]),
        threshold=percent(component["threshold"]),
        calls=number(component["follow_ups_reference"]),
        minutes=number(component["minutes_reference"]),
    )


def _plan_cap(component: Settings, language: Language) -> str:
    excess = _excess(component["excess"], language)
    return _say("plan_cap", language, amount=number(component["amount"]), excess=excess)


def _draw(component: Settings, language: Language) -> str:
    key = "draw.recoverable" if component["recoverable"] else "draw.guarantee"
    return _say(key, language, amount=number(component["amount"]))


def _scorecard(component: Settings, language: Language) -> str:
    weights = component["group_weights"]
    return _say(
        "scorecard",
        language,
        count=len(component["kpis"]),
        business=number(weights["business"]),
        management=number(weights["management"]),
    )


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
