"""Every dated fact is cut at the as-of time: import contract, staging models and reference name the same moments."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from connectors.files import TEMPLATES
from tests.reference.world import FACT_MOMENTS

STAGING = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "staging" / "canonical"
#: master data, what counts by its period, and disputes, which are no facts of pay
NOT_CUT = {
    *("employees", "employee_assignments", "source_users", "customers", "campaigns", "courses"),
    *("targets", "fx_rates", "kpi_observations", "adjustments", "deal_splits", "principals"),
    "disputes",
}


def test_every_template_is_a_dated_fact_or_is_known_not_to_be_one() -> None:
    assert set(FACT_MOMENTS) | NOT_CUT == set(TEMPLATES)
    assert set(FACT_MOMENTS) & NOT_CUT == set()


@pytest.mark.parametrize("entity", sorted(FACT_MOMENTS))
def test_a_staging_model_cuts_its_fact_at_the_moment_the_reference_names(entity: str) -> None:
    sql = (STAGING / f"stg_{entity}.sql").read_text(encoding="utf-8")
    assert f"where {{{{ happened('{FACT_MOMENTS[entity]}') }}}}" in sql
    assert FACT_MOMENTS[entity] in TEMPLATES[entity].names


def test_the_account_of_rows_counts_the_same_moments() -> None:
    document = YAML(typ="safe").load((STAGING / "stg_rejections.yml").read_text(encoding="utf-8"))
    (test,) = document["models"][0]["data_tests"]
    assert test["every_row_is_accounted_for"]["arguments"]["moments"] == FACT_MOMENTS
