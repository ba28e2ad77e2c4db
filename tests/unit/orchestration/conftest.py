"""Fixtures of this folder."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.build import Overrides, build_definitions
from tests.unit.orchestration.mini import mini_settings


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """The assembly over the small dbt project."""
    home: Path = tmp_path_factory.mktemp("home")
    return build_definitions(Overrides(settings=mini_settings(home)))
