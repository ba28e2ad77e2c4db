"""A calculation that follows changes, over the compiled models in memory.

Belongs here: what the materializations do with the text of ``macros/changes/statements.sql``, without dbt. Does not
belong here: the statements themselves, and the changes of the raw tables (``orchestration.changes``).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orchestration.changes import CHANGES, complete, prepare
from orchestration.run_identity import RunIdentity
from tests.support.compiled import PROJECT, TIMEZONE, Model
from tests.support.warehouse import Warehouse, with_values

if TYPE_CHECKING:
    import pyarrow as pa

#: views read these through the rows of the raw tables
_SEEN_BY_ROWS = {"stg_calculation", "files.loads"}


def identity(as_of: str) -> RunIdentity:
    """A calculation up to a time."""
    return RunIdentity(run_id=f"run until {as_of}", as_of=as_of, timezone=TIMEZONE, code_version="test")


def compute_everything(warehouse: Warehouse, as_of: str) -> None:
    """All models, over the rows that lie in the warehouse; a later calculation may follow this one."""
    for model in warehouse.project.models:
        warehouse.run(model, _values(as_of))
    complete(warehouse.connection, identity(as_of), "plans")


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


def _values(as_of: str) -> dict[str, str]:
    return {"run_id": identity(as_of).run_id, "as_of": as_of, "code_version": "test"}


def _bring_up_to_date(warehouse: Warehouse, model: Model, values: Mapping[str, str]) -> str:
    registry = {row[0] for row in warehouse.query("select name from changes.registry")}
    changed = registry & (model.parents | model.sources)
    if model.is_view:
        warehouse.run(model, values)
        _note_changes_of_view(warehouse, model, changed - _SEEN_BY_ROWS)
        return "view"
    if not changed and (model.parents or model.sources):
        return "kept"
    scoped = model.recompute is not None and changed <= set(model.recompute["inputs"])
    relations = _relations(warehouse, model)
    common = (model.name, model.relation, relations)
    try:
        if scoped:
            scope = f"changes.scope_{model.name}"
            _execute(
                warehouse, _statements().scope_statements(scope, *common, sorted(changed), model.recompute)
            )
        _new_rows(warehouse, model, values, scoped=scoped)
        _execute(
            warehouse,
            _statements().change_statements(model.name, model.relation, model.recompute, scoped),
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

    def limited(sql: str) -> str:
        if not scoped:
            return sql
        return str(_statements().scoped_query(sql, model.name, model.relation, relations, model.recompute))

    new = f"new_{model.name}"
    warehouse.connection.execute(f"create or replace temp table {new} as from {model.relation} limit 0")
    if model.sql is None:
        instead = {name: limited(relation) for name, relation in relations.items()}
        warehouse.connection.register("python_rows", warehouse.python_rows(model, instead))
        warehouse.connection.execute(f"insert into {new} by name from python_rows")
        warehouse.connection.unregister("python_rows")
    else:
        warehouse.connection.execute(f"insert into {new} by name {limited(with_values(model.sql, values))}")


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
