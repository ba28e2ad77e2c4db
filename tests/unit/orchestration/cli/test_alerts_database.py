"""Alerts of the command line come from where readers look."""

from __future__ import annotations

from pathlib import Path

from orchestration.cli.alerts import _database
from orchestration.settings import Settings


def test_alerts_are_those_of_the_publication_and_not_of_the_warehouse(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert _database(settings) is None
    settings.warehouse.touch()
    assert _database(settings) == settings.warehouse
    settings.snapshot.parent.mkdir(parents=True)
    settings.snapshot.touch()
    assert _database(settings) == settings.snapshot
