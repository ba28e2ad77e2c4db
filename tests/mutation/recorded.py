"""What the tests compute, kept: each company a test puts through the pipeline, as a database file.

Belongs here: running the tests once on the unchanged models and keeping their companies. Does not belong here:
changed models (``judge``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.compiled import REPOSITORY, CompiledProject, compiled_project

if TYPE_CHECKING:
    from tests.support.warehouse import Warehouse

TESTS = REPOSITORY / "tests"
#: files of tests that compute companies in memory, quick ones first
SUITES = ("unit/dbt_project", "integration/test_golden_cases.py", "property")
#: what all of them read
SHARED = ("support", "reference", "golden")
PLAIN = ["-p", "no:xdist", "-p", "no:cacheprovider", "-o", "addopts=", "-q", "-m", "not long"]
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Recording:
    """A company computed by a test.

    Attributes:
        test: id of the test, or of the file when its tests may share the company; empty: none, all models are
            computed.
        path: database with the rows of all models.
        wanted: models whose rows the test reads.
        values: values of the calculation's variables.
        compared: columns compared with the reference, by mart, when that is what the test does.
    """

    test: str
    path: str
    wanted: tuple[str, ...]
    values: dict[str, str]
    compared: dict[str, list[str]]

    @property
    def catalog(self) -> str:
        """Name of the attached database."""
        path = Path(self.path)
        return f"{path.parent.name}_{path.stem}"


def recordings(home: Path) -> list[Recording]:
    """The companies of the tests; computed for files of tests that are new or changed, or when models are.

    Args:
        home: folder for the databases.
    """
    files = sorted(file for suite in SUITES for file in _files(TESTS / suite))
    files.sort(key=lambda file: "property" in file.parts)
    found = _recorded(home, None)
    for file in files:
        found += _recorded(home, file)
    return found


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else list(path.rglob("test_*.py"))


def _recorded(home: Path, file: Path | None) -> list[Recording]:
    folder = home / f"{file.stem if file else 'everything'}_{fingerprint(file)}"
    index = folder / "recordings.json"
    if not index.exists():
        folder.mkdir(parents=True, exist_ok=True)
        recorder = Recorder(folder)
        with recorder.watching():
            if file is None:
                compute_everything()
            elif run_tests([str(file.relative_to(REPOSITORY))], show=True) not in (0, NOTHING_COLLECTED):
                raise SystemExit(f"{file} fails on the unchanged models: nothing can be judged.")
        index.write_text(json.dumps([asdict(recording) for recording in recorder.kept]), encoding="utf-8")
    rows = json.loads(index.read_text(encoding="utf-8"))
    return [Recording(**row | {"wanted": tuple(row["wanted"])}) for row in rows]


def compute_everything() -> None:
    """A company with one deal and the rows of every model: where types are read."""
    from tests.reference.builders import CLOSING, Builder, plan
    from tests.support.pipeline import plan_set_of
    from tests.support.warehouse import Warehouse

    builder = Builder(plan(CLOSING))
    builder.deal(builder.employee("S1"), "1000", "2026-03-05")
    Warehouse().compute(builder.company, plan_set_of(builder.company), compiled_project().names)


def fingerprint(file: Path | None) -> str:
    """Hash of the compiled models, of a file of tests and of what it reads."""
    digest = hashlib.sha256()
    for model in compiled_project().models:
        digest.update(f"{model.name}{model.sql or model.path.read_text(encoding='utf-8')}".encode())
    paths = [
        path for folder in SHARED for path in (TESTS / folder).rglob("*") if file and path.suffix != ".pyc"
    ]
    for path in sorted(path for path in [*paths, file] if path and path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def run_tests(tests: Iterable[str], *, show: bool = False) -> int:
    """Run tests in this process until one fails; 0 when all pass."""
    os.environ["INCENTIVES_REDUCE"] = "0"
    arguments = [*PLAIN, "-x", *(str(REPOSITORY / test) for test in tests)]
    if show:
        return int(pytest.main(arguments))
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        return int(pytest.main([*arguments, "--no-header", "--no-summary"]))


@contextmanager
def project_of_tests(project: CompiledProject) -> Iterator[None]:
    """Tests compute with other models inside of this."""
    from tests.support import pipeline, warehouse

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse, "compiled_project", lambda: project)
        pipeline.warehouse.cache_clear()
        yield
    pipeline.warehouse.cache_clear()


class Recorder:
    """Writes a database for each company that is computed.

    Args:
        folder: where the databases go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[Recording] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Every company that is computed inside of this is kept."""
        from tests.support import differences
        from tests.support.warehouse import Warehouse

        compute, difference = Warehouse.compute, differences.difference

        def computed(
            warehouse: Warehouse, company: Any, plan_set: Any, wanted: Iterable[str], raw: Any = None
        ) -> None:
            wanted = tuple(wanted)
            compute(warehouse, company, plan_set, wanted, raw)
            self._keep(warehouse, wanted, company.as_of.isoformat(sep=" "))

        def compared(mart: str, sql: Iterable[Any], reference: Iterable[Any]) -> str:
            rows = list(reference)
            columns = {column for row in rows for column in row}
            self.kept[-1].compared[mart] = sorted(columns.union(self.kept[-1].compared.get(mart, [])))
            return difference(mart, sql, rows)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Warehouse, "compute", computed)
            patch.setattr(differences, "difference", compared)
            yield

    def _keep(self, warehouse: Warehouse, wanted: tuple[str, ...], as_of: str) -> None:
        from tests.support.warehouse import RUN_ID

        path = self.folder / f"{len(self.kept):04d}.duckdb"
        path.unlink(missing_ok=True)
        warehouse.connection.execute(f"attach '{path}' as kept (block_size 16384)")
        warehouse.connection.execute("copy from database memory to kept")
        warehouse.connection.execute("detach kept")
        test, _, phase = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
        if phase == "(setup)":  # of a fixture, which other tests of the file may share
            test = test.split("::")[0]
        values = {"run_id": RUN_ID, "as_of": as_of, "code_version": "test"}
        self.kept.append(Recording(test, str(path), wanted, values, {}))
