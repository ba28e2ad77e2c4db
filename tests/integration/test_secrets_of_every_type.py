"""Secrets of every type of system, searched for in all that an extraction leaves behind, also when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from demo.simulators.server import Answer, Asked
from orchestration.defs.assets.sources import build_source_assets
from orchestration.defs.resources import home_resource
from orchestration.runs.dagster_instance import open_instance
from orchestration.settings import Settings, load_settings
from orchestration.steps.sources import check_source, configured_sources
from tests.support.extracted import write_sources
from tests.support.systems import SYSTEMS, System

#: names of secrets whose values are no secret: they stand in addresses and texts
PUBLIC = {"client_id", "app_id", "username", "corpid", "account_set", "user"}


def _planted(entry: dict[str, Any], system: System) -> list[bytes]:
    files = [place["file"] for name, place in entry["secrets"].items() if name not in PUBLIC]
    tokens = getattr(system.simulator, "tokens", ()) if system.is_simulated else ()
    return [*(Path(one).read_bytes() for one in files), *(str(one).encode() for one in tokens)]


def _echo(asked: Asked, answer: Answer) -> Answer:
    """A vendor that says in its error all that it was told."""
    if "token" in asked.path:
        return answer
    return Answer(f"{asked.headers} {asked.query} {asked.body!r}".encode(), 500)


def _extracted(settings: Settings) -> None:
    (instance,) = configured_sources(settings)
    with open_instance(settings) as storage:
        resources = {"home": home_resource(settings)}
        dg.materialize(
            [build_source_assets(instance)],
            instance=storage,
            resources=resources,
            raise_on_error=False,
        )


@pytest.mark.parametrize("name", sorted(SYSTEMS))
def test_no_secret_is_left_behind(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    vendor, home = tmp_path / "vendor", tmp_path / "home"
    vendor.mkdir()
    home.mkdir()
    with SYSTEMS[name](vendor) as system:
        entry = {"name": "one", "type": system.type} | system.entry()
        write_sources(home / "sources.yml", entry)
        settings = load_settings(home=home)
        system.put(1, "10.00")
        _extracted(settings)
        said: list[str] = []
        if system.is_simulated:
            system.put(2, "20.00", second=60)
            system.simulator.fault = _echo
            _extracted(settings)
        (instance,) = configured_sources(settings)
        said += [f"{one.sentence} {one.hint}" for one in check_source(instance)]
        planted = _planted(entry, system)
    assert planted
    printed = capfd.readouterr()
    texts = "\n".join([*said, printed.out, printed.err, caplog.text]).encode()
    assert [one for one in planted if one in texts] == []
    searched = [path for path in home.rglob("*") if path.is_file() and path.parent.name != "tokens"]
    assert any(path.suffix == ".duckdb" for path in searched)
    assert any("dagster" in path.parts for path in searched)
    found = [(path, one) for path in searched for one in planted if one in path.read_bytes()]
    assert found == []
