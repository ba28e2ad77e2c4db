"""A calculation that follows changes, over the compiled models in memory.

Belongs here: what the materializations do with the text of ``macros/changes/statements.sql``, without dbt. Does not
belong here: the statements themselves, and the changes of the raw tables (``orchestration.changes``).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orchestration.changes import CHANGES, complete, prepare
from orchestration.record_views import GROWING
from orchestration.run_identity import RunIdentity
from tests.support.compiled import PROJECT, TIMEZONE, Model
from tests.support.warehouse import Warehouse, with_values

if TYPE_CHECKING:
    import pyarrow as pa

#: views read these through the rows of the raw tables
_SEEN_BY_ROWS = {"stg_calculation", "files.loads"}
_NARROWED = {f"{prefix}{entity}" for entity in GROWING for prefix in ("stg_files__", "stg_")}


def identity(as_of: str) -> RunIdentity:
    """A calculation up to a time."""
    return RunIdentity(run_id=f"run until {as_of}", as_of=as_of, timezone=TIMEZONE, code_version="test")


def compute_everything(warehouse: Warehouse, as_of: str) -> None:
    """All models, over the rows that lie in the warehouse; a later calculation may follow this one."""
    for model in warehouse.project.models:
        _run(warehouse, model, _values(as_of))
    complete(warehouse.connection, identity(as_of), "plans")


def make_views(warehouse: Warehouse, names: Iterable[str], as_of: str) -> None:
    """Some models and those they are made of, views as views."""
    for model in warehouse.project.needed_for(names):
        _run(warehouse, model, _values(as_of))


def follow(warehouse: Warehouse, landed: Mapping[str, pa.Table], as_of: str) -> dict[str, str]:
    """Land further rows and bring all models up to date; how each table was brought there.

    Returns:
        By model: ``kept``, ``scoped`` or ``whole``.
    """
    warehouse.land(landed)
    found = prepare(warehouse.connection, identity(as_of), "plans")
    if found != CHANGES:
        compute_everything(warehouse, as_of)
        return {}
    ways = {
        model.name: _bring_up_to_date(warehouse, model, _values(as_of)) for model in warehouse.project.models
    }
    complete(warehouse.connection, identity(as_of), "plans")
    return ways


def _run(warehouse: Warehouse, model: Model, values: Mapping[str, str]) -> None:
    """Make a model; those that are read for some records alone are views, as they are in a run."""
    warehouse.run(model, values, as_view=model.name in _NARROWED)


def _values(as_of: str) -> dict[str, str]:
    return {"run_id": identity(as_of).run_id, "as_of": as_of, "code_version": "test"}


def _bring_up_to_date(warehouse: Warehouse, model: Model, values: Mapping[str, str]) -> str:
    registry = {row[0] for row in warehouse.query("select name from changes.registry")}
    changed = registry & (model.parents | model.sources)
    if model.is_view:
        _run(warehouse, model, values)
        _note_changes_of_view(warehouse, model, changed - _SEEN_BY_ROWS)
        return "view"
    if not changed and (model.parents or model.sources):
        return "kept"
    scoped = model.recompute is not None and changed <= set(model.recompute["inputs"])
    relations = _relations(warehouse, model)
    common = (model.name, model.relation, relations)
    is_read = not scoped or any(model.name in other.parents for other in warehouse.project.models)
    try:
        if scoped:
            scope = f"changes.scope_{model.name}"
            _execute(
                warehouse, _statements().scope_statements(scope, *common, sorted(changed), model.recompute)
            )
        _new_rows(warehouse, model, values, scoped=scoped)
        _execute(
            warehouse,
            _statements().change_statements(model.name, model.relation, model.recompute, scoped, is_read),
        )
    except Exception as error:
        error.add_note(f"in model {model.name}, {'scoped' if scoped else 'whole'}, changed {sorted(changed)}")
        raise
    return "scoped" if scoped else "whole"


def _note_changes_of_view(warehouse: Warehouse, model: Model, changed: set[str]) -> None:
    if not changed:
        return
    warehouse.connection.execute("insert into changes.registry values (?)", [model.name])
    if model.recompute is None:
        return
    if changed <= set(model.recompute["inputs"]):
        relations = _relations(warehouse, model)
        text = _statements().scope_statements(
            f"changes.{model.name}", model.name, model.relation, relations, sorted(changed), model.recompute
        )
    else:
        groups = ", ".join(model.recompute["by"])
        text = (
            f"create or replace table changes.{model.name} as select distinct {groups} from {model.relation}"
        )
    _execute(warehouse, text)


def _relations(warehouse: Warehouse, model: Model) -> dict[str, str]:
    return {found.name: found.relation for found in warehouse.project.models if found.name in model.parents}


def _new_rows(warehouse: Warehouse, model: Model, values: Mapping[str, str], *, scoped: bool) -> None:
    relations = _relations(warehouse, model)
    records = {} if model.sql is None else _record_views(warehouse)
    common = (model.name, model.relation, relations)

    def limited(sql: str) -> str:
        return str(_statements().scoped_query(sql, *common, records, model.recompute)) if scoped else sql

    if scoped:
        _execute(warehouse, _statements().input_statements(*common, model.recompute))
    if model.sql is None:
        instead = {name: limited(relation) for name, relation in relations.items()}
        warehouse.connection.register("python_rows", warehouse.python_rows(model, instead))
    query = "from python_rows" if model.sql is None else limited(with_values(model.sql, values))
    statements = _statements().new_statements(model.name, model.relation, model.recompute, scoped, query)
    _execute(warehouse, statements)


def _record_views(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.query("select name, query from changes.record_views"))


def _execute(warehouse: Warehouse, statements: str) -> None:
    warehouse.connection.execute(str(statements))


@functools.cache
def _statements() -> Any:
    import jinja2

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    text = (PROJECT / "macros" / "changes" / "statements.sql").read_text(encoding="utf-8")
    return environment.from_string(text).module


def tables_that_differ(warehouse: Warehouse, kept: Iterable[str]) -> dict[str, int]:
    """Rows that a table and its copy in schema `kept` do not share, by model."""
    by_name = {model.name: model.relation for model in warehouse.project.models}
    found = {}
    for name in kept:
        one, other = by_name[name], f'kept."{name}"'
        [(count,)] = warehouse.query(
            f"select count(*) from ((from {one} except all from {other}) "
            f"union all (from {other} except all from {one}))"
        )
        if count:
            found[name] = count
    return found


def rows_without_group(warehouse: Warehouse) -> dict[str, int]:
    """Rows of models that follow changes whose group holds a NULL: no change would ever find them."""
    found = {}
    for model in warehouse.project.models:
        if model.recompute is not None:
            missing = " or ".join(f"{column} is null" for column in model.recompute["by"])
            [(count,)] = warehouse.query(f"select count(*) from {model.relation} where {missing}")
            if count:
                found[model.name] = count
    return found


def keep_tables(warehouse: Warehouse) -> list[str]:
    """Copy all tables of models into the schema `kept`; their names."""
    warehouse.connection.execute("drop schema if exists kept cascade; create schema kept")
    names = [model.name for model in warehouse.project.models if not model.is_view]
    for model in warehouse.project.models:
        if not model.is_view:
            warehouse.connection.execute(f'create table kept."{model.name}" as from {model.relation}')
    return names
