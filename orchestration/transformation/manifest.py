"""dbt's manifest, made by ``dbt parse`` when it is missing or older than the project.

Belongs here: dbt's environment variables, its manifest: when it is made, and what it says of tests.
Does not belong here: the assets made of it (``defs.assets.dbt``).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from connectors.common.storage import storage_sentence
from orchestration.errors import InputError
from orchestration.settings import Settings
from orchestration.transformation.code_version import fingerprint


def dbt_executable() -> str:
    """The dbt program of this environment that ends with its parent."""
    return str(Path(sys.executable).parent / "incentives-dbt")


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables by which dbt finds the warehouse and where its artifacts go."""
    return {
        "INCENTIVES_ENV": settings.env.value,
        "INCENTIVES_WAREHOUSE": str(settings.warehouse),
        "INCENTIVES_DUCKDB_MEMORY": settings.duckdb_memory,
        "INCENTIVES_DUCKDB_THREADS": str(settings.duckdb_threads),
        "INCENTIVES_INTERMEDIATES": settings.kept_intermediates,
        "DBT_TARGET_PATH": str(settings.dbt_target),
        "DBT_LOG_PATH": str(settings.dbt_target),
        "DBT_PROFILES_DIR": str(settings.dbt_project),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def timezone_args(timezone: str) -> list[str]:
    """The one variable that changes the SQL of many models; the same in parse and build, or dbt parses twice."""
    return ["--vars", json.dumps({"timezone": timezone})]


@contextmanager
def dbt_variables(settings: Settings, more: Mapping[str, str]) -> Iterator[None]:
    """Set dbt's variables in this process while the block runs (``DbtCliResource`` takes no others)."""
    wanted = {**dbt_environment(settings), **more}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def ensure_manifest(settings: Settings) -> Path:
    """The path of a manifest that fits the dbt project; runs ``dbt parse`` only when it has to.

    Raises:
        InputError: dbt cannot parse the project; carries what dbt said.
    """
    manifest = settings.dbt_target / "manifest.json"
    mark = _mark(settings)
    settings.dbt_target.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.dbt_target / "manifest.lock"):
        wanted = _wanted(settings)
        if manifest.exists() and mark.exists() and mark.read_text(encoding="utf-8") == wanted:
            return manifest
        _parse(settings)
        mark.write_text(wanted, encoding="utf-8")
    return manifest


def _wanted(settings: Settings) -> str:
    """What a manifest depends on: the project, and the profile's settings, by which dbt knows what it has parsed.

    Without them a home that was moved would be parsed anew by every command of dbt.
    """
    profile = "".join(f"{name}={value}\n" for name, value in sorted(dbt_environment(settings).items()))
    return f"{fingerprint(settings.dbt_project)} {hashlib.sha256(profile.encode()).hexdigest()}"


def _mark(settings: Settings) -> Path:
    return settings.dbt_target / "manifest.fingerprint"


def _parse(settings: Settings) -> None:
    result = subprocess.run(
        [dbt_executable(), "--quiet", "parse", *timezone_args(settings.timezone)],
        cwd=settings.dbt_project,
        env={**os.environ, **dbt_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        said = (result.stdout + result.stderr).strip()
        raise storage_sentence(said, str(settings.dbt_target)) or InputError(
            f"dbt cannot parse {settings.dbt_project}:\n{said}"
        )


def read_manifest(settings: Settings) -> dict[str, Any]:
    """A manifest that fits the dbt project, with every test attached to a model; see ``attach_tests``."""
    manifest = _fitting(settings)
    attach_tests(manifest)
    return manifest


def _fitting(settings: Settings) -> dict[str, Any]:
    """The content of the manifest; a damaged one is made anew."""
    try:
        manifest: dict[str, Any] = json.loads(ensure_manifest(settings).read_text(encoding="utf-8"))
    except ValueError:
        _mark(settings).unlink()
        manifest = json.loads(ensure_manifest(settings).read_text(encoding="utf-8"))
    return manifest


def personal_columns(settings: Settings) -> dict[str, frozenset[str]]:
    """Columns tagged ``meta.personal`` by ``schema.table``; samples of them are masked."""
    manifest = _fitting(settings)
    tagged = {
        f"{one['schema']}.{one['name']}": frozenset(
            name
            for name, column in one["columns"].items()
            if column.get("config", {}).get("meta", {}).get("personal")
        )
        for one in (*manifest["nodes"].values(), *manifest["sources"].values())
        if one["resource_type"] in {"model", "source"}
    }
    return {table: columns for table, columns in tagged.items() if columns}


def attach_tests(manifest: dict[str, Any]) -> None:
    """Say of each test over several models which one it judges, so that it becomes that asset's check.

    Without a word in its ``meta`` a singular test over several models is no asset check to dagster-dbt. It is taken
    as a judgement on the model furthest down: one that none of the others is made of, public before protected.
    """
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    for test in manifest["nodes"].values():
        parents = [key for key in test["depends_on"]["nodes"] if key in models]
        named = "dagster" in test["config"].get("meta", {}) or test.get("attached_node")
        if test["resource_type"] != "test" or named or len(test["depends_on"]["nodes"]) == 1 or not parents:
            continue
        chosen = models[furthest_down(parents, manifest)]
        test["config"].setdefault("meta", {})["dagster"] = {"ref": {"name": chosen["name"]}}


def furthest_down(keys: list[str], manifest: Mapping[str, Any]) -> str:
    """Of some models, the one that none of the others is made of; of several such, a public one, then by name."""
    above = {key: _ancestors(key, manifest["parent_map"]) for key in keys}
    lowest = [key for key in keys if not any(key in above[other] for other in keys)]
    return min(lowest, key=lambda key: (manifest["nodes"][key].get("access") != "public", key))


def _ancestors(key: str, parents: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for parent in parents.get(waiting.pop(), []):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def main() -> None:
    """Parse the project ahead of the first run: what ``make setup`` does last."""
    from orchestration.settings import load_settings

    ensure_manifest(load_settings())


if __name__ == "__main__":
    main()
