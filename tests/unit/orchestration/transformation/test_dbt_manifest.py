"""The manifest: stale when the project changes, and every test of it judges a model."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from connectors.common.errors import UserError
from orchestration.defs.assets.dbt import group_of
from orchestration.settings import Settings, load_settings
from orchestration.transformation.calculation import build_args
from orchestration.transformation.code_version import fingerprint
from orchestration.transformation.invocation import failures_text
from orchestration.transformation.manifest import (
    attach_tests,
    dbt_variables,
    ensure_manifest,
    furthest_down,
    read_manifest,
)
from orchestration.transformation.run_identity import RunIdentity

IDENTITY = RunIdentity("0123456789abcdef", "2026-10-31 15:59:59", "Asia/Shanghai", "0.1.0+abc")


def _project(folder: Path) -> Path:
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "a.sql").write_text("select 1", encoding="utf-8")
    return folder


def test_the_fingerprint_follows_content_and_not_place_or_artifacts(tmp_path: Path) -> None:
    here, there = _project(tmp_path / "here" / "p"), _project(tmp_path / "there" / "p")
    (there / "target").mkdir()
    (there / "target" / "compiled.sql").write_text("select 2", encoding="utf-8")
    assert fingerprint(here) == fingerprint(there)
    (there / "models" / "a.sql").write_text("select 2", encoding="utf-8")
    assert fingerprint(here) != fingerprint(there)


def _model(name: str, access: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": name,
        "access": access,
        "config": {},
        "depends_on": {"nodes": []},
    }


def _manifest(*test_parents: str, **test: Any) -> dict[str, Any]:
    nodes = {
        "model.stg": _model("stg", "protected"),
        "model.fct": _model("fct", "public"),
        "model.other": _model("other", "protected"),
        "test.t": {
            "resource_type": "test",
            "name": "t",
            "config": {},
            "depends_on": {"nodes": [*test_parents]},
            **test,
        },
    }
    parents = {
        "model.stg": ["source.raw"],
        "model.fct": ["model.stg"],
        "model.other": ["model.stg"],
        "source.raw": [],
    }
    return {"nodes": nodes, "parent_map": parents}


def _attached(manifest: dict[str, Any]) -> Any:
    attach_tests(manifest)
    return manifest["nodes"]["test.t"]["config"].get("meta", {}).get("dagster", {}).get("ref", {}).get("name")


def test_a_test_over_several_models_judges_the_one_furthest_down() -> None:
    assert _attached(_manifest("model.stg", "model.fct")) == "fct"
    assert _attached(_manifest("model.stg", "source.raw")) == "stg"


def test_of_two_models_side_by_side_the_public_one_is_judged() -> None:
    manifest = _manifest()
    assert furthest_down(["model.other", "model.fct"], manifest) == "model.fct"


def test_a_test_that_says_itself_what_it_judges_is_left_alone() -> None:
    said = {"meta": {"dagster": {"ref": {"name": "stg"}}}}
    assert _attached(_manifest("model.stg", "model.fct", config=said)) == "stg"
    assert _attached(_manifest("model.stg", "model.fct", attached_node="model.fct")) is None


def test_groups_are_layer_and_domain() -> None:
    assert group_of({"fqn": ["incentives", "marts", "pay", "fct_payouts"]}) == "pay"
    assert group_of({"fqn": ["incentives", "staging", "files", "stg_files__deals"]}) == "staging"


def test_dbt_is_told_the_identity_by_variables_and_the_time_zone_by_vars() -> None:
    assert build_args(IDENTITY) == ["build", "--vars", '{"timezone": "Asia/Shanghai"}']
    assert IDENTITY.variables() == {
        "INCENTIVES_RUN_ID": "0123456789abcdef",
        "INCENTIVES_AS_OF": "2026-10-31 15:59:59",
        "INCENTIVES_CODE_VERSION": "0.1.0+abc",
    }


def test_variables_of_dbt_are_set_for_the_call_only(tmp_path: Path, monkeypatch: Any) -> None:
    import os

    monkeypatch.setenv("DBT_TARGET_PATH", "before")
    monkeypatch.delenv("INCENTIVES_RUN_ID", raising=False)
    settings = load_settings(home=tmp_path)
    with dbt_variables(settings, IDENTITY.variables()):
        assert os.environ["INCENTIVES_WAREHOUSE"] == str(tmp_path / "warehouse.duckdb")
        assert os.environ["INCENTIVES_RUN_ID"] == IDENTITY.run_id
    assert os.environ["DBT_TARGET_PATH"] == "before"
    assert "INCENTIVES_RUN_ID" not in os.environ


def test_failed_nodes_are_named_with_their_message_and_the_log(tmp_path: Path) -> None:
    assert failures_text(tmp_path) == ""
    (tmp_path / "run_results.json").write_text(
        '{"results": [{"unique_id": "test.incentives.unique_x.1a", "status": "fail", "message": "Got 3 results,\\n 0"},'
        ' {"unique_id": "model.incentives.a", "status": "success", "message": "OK"}]}',
        encoding="utf-8",
    )
    said = failures_text(tmp_path)
    assert "unique_x: Got 3 results, 0" in said
    assert str(tmp_path / "dbt.log") in said
    assert "incentives.a" not in said


def test_a_damaged_manifest_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(settings: Settings) -> None:
        (settings.dbt_target / "manifest.json").write_text(
            '{"nodes": {}, "parent_map": {}}', encoding="utf-8"
        )

    monkeypatch.setattr("orchestration.transformation.manifest._parse", parse)
    settings = load_settings(home=tmp_path / "home", dbt_project=_project(tmp_path / "p"))
    whole = read_manifest(settings)
    (settings.dbt_target / "manifest.json").write_text('{"nodes": {"model', encoding="utf-8")
    assert read_manifest(settings) == whole


def test_a_home_that_was_moved_is_parsed_once_more_and_then_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dbt compares the profile, which names the warehouse, with the one it has parsed by."""
    parsed = []

    def parse(settings: Settings) -> None:
        parsed.append(settings.home.name)
        (settings.dbt_target / "manifest.json").write_text(
            '{"nodes": {}, "parent_map": {}}', encoding="utf-8"
        )

    monkeypatch.setattr("orchestration.transformation.manifest._parse", parse)
    project = _project(tmp_path / "p")
    for home in ("here", "here", "there", "there"):
        if home == "there" and (tmp_path / "here").exists():
            (tmp_path / "here").rename(tmp_path / "there")
        read_manifest(load_settings(home=tmp_path / home, dbt_project=project))
    assert parsed == ["here", "there"]
    read_manifest(load_settings(home=tmp_path / "there", dbt_project=project, memory_limit="3GiB"))
    assert parsed == ["here", "there", "there"]


def test_the_version_of_dbt_is_told_without_starting_dbt() -> None:
    """dbt's own answer takes as long as its start and asks the network for newer releases."""
    program = (
        "import sys; from orchestration.transformation.dbt_process import main; "
        "sys.argv[1:] = ['--version']; main(); print('dbt.cli' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.split() == [version("dbt-core"), "False"]


def test_a_full_disk_is_named_and_no_fault_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Encountered an error:\n[Errno 28] No space left on device\nTraceback (most recent call last):\n"
    failed = subprocess.CompletedProcess((), 2, stdout=said, stderr="")
    monkeypatch.setattr("orchestration.transformation.manifest.subprocess.run", lambda *_, **__: failed)
    settings = load_settings(home=tmp_path, dbt_project=_project(tmp_path / "p"))
    with pytest.raises(UserError) as caught:
        ensure_manifest(settings)
    assert str(caught.value).startswith(
        f"{settings.dbt_target}: the disk is full\n  What to do: free some space"
    )
