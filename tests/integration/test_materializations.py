"""Relations are made in their place: under the same name, of another kind too, and kept when making fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

MATERIALIZATIONS = (
    Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "portable" / "materializations.sql"
)
PROJECT = "name: small\nprofile: small\nflags: {send_anonymous_usage_stats: false}\n"
PROFILE = "small: {target: dev, outputs: {dev: {type: duckdb, path: small.duckdb, threads: 1}}}\n"
FIRST = {
    "a.sql": "{{ config(materialized='table') }} select 1 as value",
    "b.sql": "select value + 10 as value from {{ ref('a') }}",
    "c.py": 'def model(dbt, session):\n    dbt.config(materialized="table")\n    return dbt.ref("a")\n',
}


def _write(project: Path, models: dict[str, str]) -> None:
    (project / "models").mkdir(parents=True, exist_ok=True)
    (project / "macros").mkdir(exist_ok=True)
    shutil.copy(MATERIALIZATIONS, project / "macros")
    (project / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (project / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    for name, text in models.items():
        (project / "models" / name).write_text(text, encoding="utf-8")


def _run(project: Path) -> int:
    dbt = Path(sys.executable).with_name("dbt")
    return subprocess.run(
        [dbt, "--quiet", "run", "--profiles-dir", "."], cwd=project, capture_output=True, check=False
    ).returncode


def _read(project: Path) -> dict[str, tuple[str, int]]:
    """Kind and value of each relation of the warehouse."""
    with duckdb.connect(str(project / "small.duckdb"), read_only=True) as connection:
        kinds = connection.execute("select table_name, table_type from information_schema.tables").fetchall()
        found = {name: connection.execute(f"select value from {name}").fetchone() for name, _ in kinds}
    return {name: (kind, value[0]) for name, kind in kinds if (value := found[name])}


@pytest.mark.slow
def test_relations_are_made_again_in_their_place(tmp_path: Path) -> None:
    _write(tmp_path, FIRST)
    assert _run(tmp_path) == 0
    assert _read(tmp_path) == {"a": ("BASE TABLE", 1), "b": ("VIEW", 11), "c": ("BASE TABLE", 1)}

    swapped = {
        "a.sql": "{{ config(materialized='view') }} select 2 as value",
        "b.sql": "{{ config(materialized='table') }} select value + 10 as value from {{ ref('a') }}",
    }
    _write(tmp_path, swapped)
    assert _run(tmp_path) == 0
    assert _read(tmp_path) == {"a": ("VIEW", 2), "b": ("BASE TABLE", 12), "c": ("BASE TABLE", 2)}

    _write(tmp_path, {"b.sql": "{{ config(materialized='table') }} select error('no') as value"})
    assert _run(tmp_path) != 0
    assert _read(tmp_path)["b"] == ("BASE TABLE", 12)
