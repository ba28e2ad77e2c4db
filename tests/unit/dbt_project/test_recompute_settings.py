"""How models follow changes is said in terms of what they read.

Belongs here: the settings as such. Does not belong here: whether they are true, which the property
``tests/property/test_changes_equal_everything.py`` shows.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from orchestration.record_views import GROWING
from tests.support.compiled import Model, compiled_project

MODELS = [model for model in compiled_project().models if model.recompute is not None]
WORDS = {"changes", "scope", "this"}


def texts_of(setting: Any) -> list[str]:
    """The SQL texts of one input's setting."""
    if isinstance(setting, str):
        return [setting]
    return [text for text in setting.values() if text]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_what_a_setting_names_is_read_by_the_model(model: Model) -> None:
    assert model.recompute is not None
    inputs = model.recompute["inputs"]
    assert set(inputs) <= model.parents
    texts = [text for setting in inputs.values() for text in texts_of(setting)]
    placeholders = {found for text in texts for found in re.findall(r"\{(\w+)\}", text)}
    assert placeholders <= WORDS | model.parents


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_groups_have_as_many_columns_as_the_model_is_grouped_by(model: Model) -> None:
    assert model.recompute is not None
    for setting in model.recompute["inputs"].values():
        if isinstance(setting, str):
            assert len(setting.split(",")) == len(model.recompute["by"])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_numbered_inputs_are_tables_with_groups(model: Model) -> None:
    assert model.recompute is not None
    tables = {found.name for found in compiled_project().models if not found.is_view}
    for name in model.recompute.get("numbered", []):
        assert name in tables
        assert isinstance(model.recompute["inputs"][name], str)
        assert model.sql is not None  # a Python model reads over a connection that sees no temporary table


@pytest.mark.parametrize("entity", GROWING)
def test_conditions_on_records_speak_of_columns_as_delivered(entity: str) -> None:
    """Staging puts the person meant in the place of an employee column, which a raw row does not know yet."""
    view = next(model for model in compiled_project().models if model.name == f"stg_{entity}")
    assert view.sql is not None
    resolved = {name.removesuffix("_raw") for name in re.findall(r"\b\w+_raw\b", view.sql)}
    texts = [
        setting if isinstance(setting, str) else setting.get("where", "")
        for model in MODELS
        for name, setting in (model.recompute or {})["inputs"].items()
        if name == view.name
    ]
    assert texts
    assert not resolved & {word for text in texts for word in re.findall(r"\w+", text)}


def test_a_check_of_a_month_without_people_touches_its_month() -> None:
    """Found by chance: a customer nobody owns is audited before anyone is employed."""
    model = next(model for model in MODELS if model.name == "kpi_archive_accuracy")
    groups = (model.recompute or {})["inputs"]["stg_archive_checks"]["groups"].replace("{changes}", "checks")
    with duckdb.connect() as connection:
        connection.execute("create table checks as select timestamp '2023-01-31 20:00:00' as checked_at")
        assert set(connection.execute(groups).fetchall()) == {("2023-01",), ("2023-02",)}
