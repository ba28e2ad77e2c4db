"""Whether a test notices a change: unit tests of the model, then the tests whose companies it changes.

Belongs here: the verdict on one change. Does not belong here: drawing changes and keeping verdicts (``session``).

Running all tests for each change would take minutes. A test can only notice what reaches the rows it reads, so
the changed model is computed on the kept companies of the tests (``recorded``), the models below it as far as rows
differ, and only tests whose marts differ are run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from tests.mutation.changes import Change, changed
from tests.mutation.recorded import Recording, project_of_tests, run_tests
from tests.mutation.unit_tests import unit_tests
from tests.support.compiled import CompiledProject, Model, compiled_project
from tests.support.warehouse import SETTINGS, DbtObject, python_model, with_values

KILLED, SURVIVED, INVALID = "killed", "survived", "invalid"


@dataclass(frozen=True)
class Verdict:
    """What became of a change.

    Attributes:
        outcome: killed, survived, or invalid (no valid SQL).
        by: the test that noticed; of a survivor: which tests' companies it changes.
        kind: unit, golden, boundary, property, of the test that noticed.
    """

    outcome: str
    by: str = ""
    kind: str = ""


class Judge:
    """Judges one change after the other.

    Args:
        recordings: companies of the tests.
    """

    def __init__(self, recordings: Sequence[Recording]) -> None:
        self.project = compiled_project()
        self.models = {model.name: model for model in self.project.models}
        self.connection = duckdb.connect(":memory:")
        for name, value in SETTINGS.items():
            self.connection.execute(f"set {name} = {value}")
        # pages of the companies stay in memory up to this limit, by default 80 % of the machine's in every process
        self.connection.execute("set memory_limit = '2GiB'")
        for recording in recordings:
            self.connection.execute(f"attach '{recording.path}' as {recording.catalog} (read_only)")
        self.whole = next(recording for recording in recordings if not recording.test)
        self.companies = {recording.catalog: recording for recording in recordings if recording.test}
        self.needed = {
            catalog: {model.name for model in self.project.needed_for(recording.wanted)}
            for catalog, recording in self.companies.items()
        }
        self.unit_tests = unit_tests(self.connection, self.project, self.whole.catalog)
        for schema in {model.relation.split(".")[0] for model in self.project.models}:
            self.connection.execute(f"create schema if not exists memory.{schema}")

    def verdict(self, change: Change) -> Verdict:
        """What the tests say to a change."""
        model = self.models[change.model]
        assert model.sql is not None
        sql = changed(model.sql, change)
        if self.is_invalid(sql):
            return Verdict(INVALID)
        if test := self.failing_unit_test(change.model, sql):
            return Verdict(KILLED, test, "unit")
        tried: list[str] = []
        for recording in self._reached(replace(model, sql=sql)):
            if recording.test in tried:
                continue
            tried.append(recording.test)
            if recording.compared:
                return Verdict(KILLED, recording.test, _kind(recording.test))
            with project_of_tests(self._with(model, sql)):
                if run_tests([recording.test]):
                    return Verdict(KILLED, recording.test, _kind(recording.test))
        return Verdict(
            SURVIVED, f"changes rows of {len(tried)} tests: {', '.join(tried[:3])}" if tried else ""
        )

    def _with(self, model: Model, sql: str) -> CompiledProject:
        models = (replace(found, sql=sql) if found is model else found for found in self.project.models)
        return CompiledProject(tuple(models))

    def is_invalid(self, sql: str) -> bool:
        self.connection.execute(f"use {self.whole.catalog}")
        try:
            self.connection.execute(f"explain {with_values(sql, self.whole.values)}")
        except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
            return True
        return False

    def failing_unit_test(self, model: str, sql: str) -> str | None:
        for test in self.unit_tests[model]:
            try:
                passed = test.passes(self.connection, sql)
            except duckdb.Error:
                passed = False
            if not passed:
                return test.name
        return None

    def _reached(self, model: Model) -> Iterator[Recording]:
        """Companies of tests that read rows which the changed model changes; quick tests first."""
        for catalog, recording in self.companies.items():
            if model.name in self.needed[catalog] and self.reaches(model, catalog, recording):
                yield recording

    def reaches(self, model: Model, catalog: str, recording: Recording) -> bool:
        """Whether the rows a test reads differ; computed down the models while rows differ."""
        differing = {model.name}
        try:
            for found in self.project.needed_for(recording.wanted):
                if found.name != model.name and not found.parents & differing:
                    continue
                current = model if found.name == model.name else found
                sql = self._computed(current, recording, differing - {current.name})
                if self._differs(current.relation, sql, catalog):
                    differing.add(current.name)
                    if current.name in recording.wanted and self._is_read(current, catalog, recording):
                        return True
                elif current.name == model.name:
                    return False
        except (duckdb.Error, ArithmeticError, LookupError, TypeError, ValueError):
            return True
        return False

    def _computed(self, model: Model, recording: Recording, differing: set[str]) -> str:
        """A query for the rows of a model that reads differing models as they were computed last."""
        if model.sql is not None:
            return _reading(with_values(model.sql, recording.values), differing, self.models)
        relations = {
            name: f"{'memory' if name in differing else recording.catalog}.{found.relation}"
            for name, found in self.models.items()
        }
        rows = python_model(model.path)(DbtObject(self.connection, relations), self.connection)
        self.connection.register("rows_of_a_python_model", rows)
        return "select * from rows_of_a_python_model"

    def _is_read(self, model: Model, catalog: str, recording: Recording) -> bool:
        """Whether the test compares one of the differing columns, as far as that is known."""
        if not recording.compared:
            return True
        columns = ", ".join(f'"{column}"' for column in recording.compared.get(model.name, []))
        return self._rows_differ(model.relation, catalog, columns or "1")

    def _differs(self, relation: str, sql: str, catalog: str) -> bool:
        """Compute a model on a company beside its kept rows; whether any row differs."""
        self.connection.execute(f"use {catalog}")
        self.connection.execute(f"create or replace table memory.{relation} as {sql}")
        return self._rows_differ(relation, catalog, "*")

    def _rows_differ(self, relation: str, catalog: str, columns: str) -> bool:
        kept = f"select {columns} from {catalog}.{relation}"
        made = f"select {columns} from memory.{relation}"
        differing = f"(({made} except all {kept}) union all ({kept} except all {made}))"
        return self.connection.execute(f"select 1 from {differing} limit 1").fetchone() is not None


def _reading(sql: str, differing: set[str], models: dict[str, Model]) -> str:
    """A query that reads differing models as they were computed last."""
    for name in differing:
        sql = sql.replace(models[name].relation, f'"memory".{models[name].relation}')
    return sql


def _kind(test: str) -> str:
    path = Path(test.split("::", maxsplit=1)[0])
    if "golden" in path.name:
        return "golden"
    return "property" if path.parent.name == "property" and path.name != "test_regressions.py" else "boundary"
