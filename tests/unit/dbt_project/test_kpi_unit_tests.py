"""Every KPI model is tested for its ordinary case, the empty case, a zero denominator and the border of its month.

    unit test name: ordinary · empty · zero_denominator (ratios) · month_border or quarter_border

Belongs here: that no KPI comes without them. Does not belong here: the figures (the yml beside each model).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
KPIS = PROJECT / "models" / "intermediate" / "kpis" / "catalogue"
MODELS = sorted(path.stem for path in KPIS.glob("kpi_*.sql"))
Row = dict[str, Any]


def unit_tests(model: str) -> list[Row]:
    """The unit tests of a model."""
    text = (KPIS / f"{model}.yml").read_text(encoding="utf-8")
    found = YAML(typ="safe").load(text).get("unit_tests", [])
    return [test for test in found if test["model"] == model]


def is_ratio(model: str) -> bool:
    """Whether the KPI divides."""
    sql = (KPIS / f"{model}.sql").read_text(encoding="utf-8")
    return any(f"{macro}(" in sql for macro in ("kpi_ratio", "kpi_of_target", "exact_div"))


def lacking(model: str) -> list[str]:
    """Which of the cases no unit test of the model names or no expected row shows."""
    tests = unit_tests(model)
    names = "_and_".join(str(test["name"]) for test in tests)
    rows: list[Row] = [row for test in tests for row in test["expect"]["rows"]]
    borders: dict[str, set[str]] = {}
    for row in rows:
        borders.setdefault(row["employee_id"], set()).add(row["period"])
    shown = {
        "ordinary": any(row["value"] not in (None, 0) and row["reason"] is None for row in rows),
        "empty": any(row["value"] in (None, 0) and row["numerator"] in (None, 0) for row in rows),
        "border": any(len(months) > 1 for months in borders.values()),
    }
    named = {"ordinary": "ordinary", "empty": "empty", "border": "_border"}
    if is_ratio(model):
        named["zero_denominator"] = "zero_denominator"
        shown["zero_denominator"] = any(row["value"] is None and row["denominator"] == 0 for row in rows)
    return [case for case, word in named.items() if word not in names or not shown[case]]


@pytest.mark.parametrize("model", MODELS)
def test_every_kpi_is_tested_in_the_four_cases(model: str) -> None:
    assert lacking(model) == []


def test_every_kpi_model_is_in_the_list_of_models() -> None:
    listed = re.findall(
        r"^ {8}'(\w+)',$", (PROJECT / "macros" / "kpis" / "kpi_models.sql").read_text(), re.MULTILINE
    )
    assert [f"kpi_{kpi_id}" for kpi_id in listed] == MODELS
    assert len(MODELS) >= 29
