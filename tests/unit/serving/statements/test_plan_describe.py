"""Sentences about components and held lines, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compensation import load_plans
from serving.catalogue import Language, name
from serving.statements.descriptions import describe, number, percent
from serving.statements.hold_reasons import holds

ROOT = Path(__file__).resolve().parents[4]


def test_every_component_of_the_example_plans_has_a_sentence_in_both_languages() -> None:
    plans = load_plans([ROOT / "plans", ROOT / "demo" / "plans"])
    for plan_id in plans.plans:
        for component in json.loads(plans.canonical(plan_id))["components"]:
            said = {language: describe(component, language) for language in ("zh", "en")}
            assert all(said.values()) == (component["type"] != "roi"), (plan_id, component["id"])


TIERS = [{"up_to": "0.5", "rate": "0.05"}, {"up_to": None, "rate": "0.1"}]
TABLE = {"sources": ["repurchase"], "mode": "whole", "interval": "quarter", "unit": "quota_pct"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "repurchase, on the total of the quarter of quota: up to 50 % 5 %, above 10 % (all at the rate reached)",
        ),
        ("zh", "复购按季度累计（占定额）：至 50 % 5 %，以上 10 %（全额按达到档）"),
    ],
)
def test_a_rate_table_is_read_out(language: Language, said: str) -> None:
    tiers = [tier | {"start_rate": tier["rate"], "end_rate": tier["rate"]} for tier in TIERS]
    component = {"type": "commission", "pool": "closing", "rate_table": TABLE | {"tiers": tiers}}
    assert describe(component, language) == said


def test_steps_of_increments_are_told_with_the_base_added() -> None:
    component = {
        "type": "growth_bonus",
        "measure": "sales_amount",
        "mode": "increment",
        "base_rate": "0.1",
        "steps": [{"growth": "0.2", "rate": "0.05"}],
        "basis": "earned_commission",
        "on": "whole",
    }
    assert "base 10 %, growth ≥ 20 %: 15 %" in describe(component, "en")


def test_figures_have_no_needless_zeros() -> None:
    assert [percent("0.040000000000"), percent("1"), percent(None)] == ["4 %", "100 %", ""]
    assert [number("1000.00"), number("80000"), number("0.50")] == ["1,000", "80,000", "0.5"]


def test_each_reason_says_what_it_means_and_what_releases_it() -> None:
    names = "bad_split;unresolved;transfer;process;terminated;no_plan;no_fx_rate"
    for language in ("zh", "en"):
        found = holds(names, language, line_id="L1", deal_id="D1", change_id="C1")
        assert [one.reason for one in found] == names.split(";")
        assert all(one.meaning and one.release and "{" not in one.meaning + one.release for one in found)
    transfer = holds("transfer", "en", line_id="L1", deal_id="D1", change_id="C1")[0]
    assert "subject_id = C1" in transfer.release
    assert "subject_id = L1" in transfer.release


def test_a_word_without_translation_stays_as_it_is() -> None:
    assert (
        name("component", "closing", "zh"),
        name("component", "closing", "en"),
        name("flag", "D00154", "zh"),
    ) == (
        "成交提成",
        "closing commission",
        "D00154",
    )
