"""A dbt loaded ahead of time runs one command as a fresh one would, and nobody waits for one that is not there."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestration.dbt_manifest import dbt_environment, dbt_executable, ensure_manifest, waiting_dbt
from orchestration.dbt_warm import SOCKET, hand_over
from orchestration.settings import Settings
from tests.unit.orchestration.mini import mini_settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = mini_settings(tmp_path_factory.mktemp("warm"))
    ensure_manifest(found)
    return found


def _dbt(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [dbt_executable(), *arguments],
        cwd=settings.dbt_project,
        env={**os.environ, **dbt_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_waiting_dbt_runs_the_command_in_the_environment_of_the_caller(settings: Settings) -> None:
    with waiting_dbt(settings):
        listed = _dbt(settings, "--quiet", "list", "--resource-type", "model", "--output", "name")
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert {"stg_calculation", "fct_signed", "fct_totals"} <= set(listed.stdout.split())
    assert SOCKET not in os.environ


def test_it_runs_one_command_and_the_next_one_starts_cold(settings: Settings) -> None:
    with waiting_dbt(settings):
        address = os.environ[SOCKET]
        assert _dbt(settings, "--quiet", "list").returncode == 0
        assert hand_over(address, ["--version"]) is None
        assert _dbt(settings, "--quiet", "list").returncode == 0


def test_a_command_that_fails_says_so_by_its_status(settings: Settings) -> None:
    with waiting_dbt(settings):
        refused = _dbt(settings, "no-such-command")
    assert refused.returncode == 2
    assert "no-such-command" in refused.stdout + refused.stderr


def test_nobody_is_there(tmp_path: Path) -> None:
    assert hand_over(str(tmp_path / "nobody"), ["list"]) is None


def test_a_folder_too_long_for_a_socket_is_no_failure(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with waiting_dbt(settings):
        assert SOCKET not in os.environ
    assert list(long.iterdir()) == []
