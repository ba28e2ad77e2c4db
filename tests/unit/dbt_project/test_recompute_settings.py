"""How models follow changes is said in terms of what they read.

Belongs here: the settings as such. Does not belong here: whether they are true, which the property
``tests/property/test_changes_equal_everything.py`` shows.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

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
