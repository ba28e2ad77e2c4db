"""What the other contract tests leave open: gates and demo know keys and columns, dbt the bookkeeping of loads."""

import pytest

from compensation.tables.schema import TABLES
from connectors.files import TEMPLATES, raw_tables
from demo.world.tables import TEMPLATES as DEMO_TEMPLATES
from expectations.suites.entities import ENTITIES, META_COLUMNS
from orchestration.steps.landing.deliveries import raw_table_names
from orchestration.steps.landing.plan_files import plan_table_names


def test_gates_stand_on_every_template_and_on_no_other() -> None:
    assert set(ENTITIES) == set(TEMPLATES)


@pytest.mark.parametrize("entity", sorted(TEMPLATES))
def test_gates_ask_for_the_key_and_the_required_columns_of_each_template(entity: str) -> None:
    template, gate = TEMPLATES[entity], ENTITIES[entity]
    required = {column.name for column in template.columns if column.required}
    assert gate.key == template.key
    assert set(gate.required) <= required - set(template.key)
    assert set(META_COLUMNS) <= set(raw_tables()[entity])


@pytest.mark.parametrize("entity", sorted(TEMPLATES))
def test_the_demo_writes_each_template_with_its_columns_and_key(entity: str) -> None:
    assert set(DEMO_TEMPLATES[entity].columns) == set(TEMPLATES[entity].names)
    assert DEMO_TEMPLATES[entity].key == TEMPLATES[entity].key


def test_every_raw_table_and_every_plan_table_is_an_asset() -> None:
    assert set(raw_table_names()) == set(raw_tables())
    assert set(plan_table_names()) == set(TABLES)
