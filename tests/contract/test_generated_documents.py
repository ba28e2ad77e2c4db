"""Generated documents are current: the reference of plans, the reference of marts, the JSON Schema."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from compensation import load_plans
from compensation.source.json_schema import plan_json_schema
from scripts.make_docs import marts, marts_text, plans_text, questions, with_generated

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.mark.parametrize(("name", "text"), [("plans.md", plans_text), ("marts.md", marts_text)])
def test_a_generated_document_is_current(name: str, text) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == with_generated(written, text()), "run: make docs"


def test_the_schema_of_plans_is_current() -> None:
    assert json.loads((ROOT / "plans" / "schema.json").read_text("utf-8")) == plan_json_schema(), (
        "run: make schema"
    )


def test_every_key_of_a_plan_has_a_meaning_and_an_example() -> None:
    rows = re.findall(r"^\| (`\w+`) \| .* \| (.*?) \| (.*?) \|$", plans_text(), re.MULTILINE)
    schema = plan_json_schema()
    keys = [key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", ())]
    assert len(rows) == len(keys)
    assert [
        key for key, meaning, example in rows if not meaning or not example or example.endswith(": …`")
    ] == []


def test_every_published_mart_but_single_kpis_has_a_question_and_a_grain() -> None:
    published = {name for name in marts() if not name.startswith("kpi_")}
    assert set(questions()) == published


def test_the_plan_of_the_recipe_can_be_loaded(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "plans.md").read_text("utf-8"), re.DOTALL)
    plan = tmp_path / "partner_sales_2027.yml"
    plan.write_text(textwrap.dedent(text), encoding="utf-8")
    assert list(load_plans([plan]).plans) == ["partner_sales_2027"]
