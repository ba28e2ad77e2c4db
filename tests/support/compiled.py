"""The dbt project compiled once: every model's SQL in the order in which it must run.

Belongs here: compiling, caching the result by the project's sources, reading the manifest. Does not
belong here: running models (``warehouse``).

The calculation's variables are compiled to unlikely texts, so that one compilation serves every
company of the one time zone: `Warehouse.compute` puts the real values in their place.
"""

from __future__ import annotations

import functools
import getpass
import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration.transformation.manifest import dbt_executable

REPOSITORY = Path(__file__).resolve().parents[2]
#: the project under test; another folder can be named to test a changed copy of it
PROJECT = Path(os.environ.get("INCENTIVES_DBT_PROJECT", REPOSITORY / "dbt_project"))
DATABASE, SCRATCH = "compiled_once", "scratch"
#: macros look a time zone up when they compile, so that it is a real one
TIMEZONE = "Asia/Shanghai"
VARIABLES = {
    "run_id": "@run_id@",
    "as_of": "@as_of@",
    "timezone": TIMEZONE,
    "code_version": "@code_version@",
}


@dataclass(frozen=True)
class Model:
    """One model of the project.

    Attributes:
        name: model name.
        relation: schema and table, ready for SQL.
        sql: compiled query with the placeholders of ``VARIABLES``; None for a Python model.
        path: source file of a Python model.
        parents: names of the models it reads.
    """

    name: str
    relation: str
    sql: str | None
    path: Path
    parents: frozenset[str]


@dataclass(frozen=True)
class CompiledProject:
    """All models, parents before children."""

    models: tuple[Model, ...]

    @property
    def names(self) -> set[str]:
        """Names of all models."""
        return {model.name for model in self.models}

    def needed_for(self, wanted: Iterable[str]) -> list[Model]:
        """The models some models are made of, themselves included, parents first.

        Raises:
            KeyError: a wanted model does not exist.
        """
        by_name = {model.name: model for model in self.models}
        needed: set[str] = set()
        open_names = list(wanted)
        while open_names:
            name = open_names.pop()
            if name not in needed:
                needed.add(name)
                open_names.extend(by_name[name].parents)
        return [model for model in self.models if model.name in needed]


def compiled_project() -> CompiledProject:
    """The project as it is on disk now; compiled at most once for all workers of a test session."""
    return _read(_manifest_path(_fingerprint()))


@functools.cache
def _read(manifest_path: Path) -> CompiledProject:
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    graph = {key: [p for p in node["depends_on"]["nodes"] if p in nodes] for key, node in nodes.items()}
    order = TopologicalSorter({key: sorted(graph[key]) for key in sorted(graph)}).static_order()
    return CompiledProject(tuple(_model(nodes[key], [nodes[p]["name"] for p in graph[key]]) for key in order))


def _model(node: dict[str, Any], parents: list[str]) -> Model:
    """One database holds everything in these tests, intermediate models too."""
    sql = None if node["language"] == "python" else str(node["compiled_code"])
    for database in (DATABASE, SCRATCH):
        sql = sql and sql.replace(f'"{database}".', "")
    return Model(
        name=node["name"],
        relation=f'"{node["schema"]}"."{node["alias"]}"',
        sql=sql,
        path=PROJECT / node["original_file_path"],
        parents=frozenset(parents),
    )


def _fingerprint() -> str:
    """Hash of everything the SQL comes from; the yml files beside the models only describe them."""
    paths = [
        *PROJECT.rglob("*.sql"),
        *PROJECT.rglob("*.py"),
        *PROJECT.rglob("*sources.yml"),
        *PROJECT.glob("*.yml"),
    ]
    digest = hashlib.sha256(json.dumps(VARIABLES).encode())
    for path in sorted(path for path in paths if "target" not in path.parts):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _manifest_path(fingerprint: str) -> Path:
    # one folder for each checkout: dbt's parse cache does not notice that another one wrote it
    checkout = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]
    home = Path(tempfile.gettempdir()) / f"incentives-compiled-{getpass.getuser()}-{checkout}"
    home.mkdir(exist_ok=True)
    ready = home / fingerprint / "manifest.json"
    with FileLock(home / "lock"):
        if not ready.exists():
            compiled = _compile(home)
            ready.parent.mkdir(exist_ok=True)
            partial = ready.with_suffix(".partial")
            partial.write_bytes(compiled.read_bytes())
            partial.rename(ready)
    return ready


def _compile(home: Path) -> Path:
    """Compile against an empty warehouse; the parse cache in ``home`` makes the next time quicker."""
    warehouse = home / f"{DATABASE}.duckdb"
    _make_empty(warehouse)
    command = [
        *(
            dbt_executable(),
            "--quiet",
            "--no-use-colors",
            "compile",
            "--full-refresh",
        ),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--select", "resource_type:model", "--vars", json.dumps(VARIABLES)),
    ]
    target = home / "target"
    settings = {
        "INCENTIVES_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(home / "logs"),
        "INCENTIVES_ENV": "ci",
        # a run in this process or shell may have left its own here, and the models read these first
        "INCENTIVES_RUN_ID": VARIABLES["run_id"],
        "INCENTIVES_AS_OF": VARIABLES["as_of"],
        "INCENTIVES_CODE_VERSION": VARIABLES["code_version"],
    }
    done = subprocess.run(
        command, env=os.environ | settings, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"dbt compile failed:\n{done.stdout}\n{done.stderr}")
    return target / "manifest.json"


def _make_empty(warehouse: Path) -> None:
    """A warehouse with all raw and plan tables and no row."""
    import duckdb

    from tests.support.raw_rows import empty_tables

    warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        for relation, table in empty_tables().items():
            connection.execute(f"create schema if not exists {relation.split('.')[0]}")
            connection.register("empty_table", table)
            connection.execute(f"create table {relation} as select * from empty_table")
            connection.unregister("empty_table")
