"""Suites of the raw records of connected systems: one for each resource of each instance, made from what it is.

A record is checked as it lies in `raw_<type>.<resource>`: keys, JSON, hash, the account of its extraction, its volume.
What the vendor says in it is checked where it is mapped to a template. Samples show no record: it names people.

Belongs here: those checks. Does not belong here: which systems there are (orchestration hands them over).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.common.sql_text import quoted
from expectations.model import Check, CheckMaker, Suite, critical, warning

COLUMNS = (
    "instance",
    "record_id",
    "record",
    "content_hash",
    "is_deleted",
    "cursor_value",
    "load_id",
    "load_seq",
    "extracted_at",
)


@dataclass(frozen=True, slots=True)
class RecordTable:
    """A resource of a connected system.

    Attributes:
        instance: Name of the system.
        schema: Schema of its raw records.
        resource: The table.
        key: Fields of the record that identify it.
        has_cursor: Each record says when it changed.
    """

    instance: str
    schema: str
    resource: str
    key: tuple[str, ...]
    has_cursor: bool


def record_suites(tables: Iterable[RecordTable]) -> tuple[Suite, ...]:
    """A suite for each resource.

    Args:
        tables: The resources.
    """
    return tuple(_suite(one) for one in tables)


def _suite(table: RecordTable) -> Suite:
    return Suite(
        f"records_{table.instance}_{table.resource}",
        f"{table.schema}.{table.resource}",
        "raw",
        f"Records of {table.instance}.{table.resource} as the system gave them, every version.",
        (*_structure(table), *_accounts(table), *_signs(table)),
        when_empty="the system gave no record",
        asset=(table.instance, table.resource),
        may_be_missing=True,
    )


def _structure(table: RecordTable) -> tuple[Check, ...]:
    stamps = ("record_id", "record", "content_hash", "is_deleted", "load_id", "load_seq", "extracted_at")
    unfilled = " or ".join(f"t.{column} is null" for column in stamps)
    last = f"t.load_seq = (select max(l.load_seq) from @rows as l where l.instance = {_text(table.instance)})"
    return (
        critical.has_columns(*COLUMNS),
        _where(
            critical, table, "records_are_stamped", "Every version has its id, hash and extraction.", unfilled
        ),
        critical.rows(
            "keys_are_unique_within_an_extraction",
            "One extraction has one version of a record.",
            f"select t.load_id, t.record_id, count(*) as versions from @rows as t where {_of(table)} "
            "group by t.load_id, t.record_id having count(*) > 1",
        ),
        _where(
            critical,
            table,
            "records_are_json_objects",
            "Every record is a JSON object.",
            "case when json_valid(t.record) then json_type(t.record) <> 'OBJECT' else true end",
        ),
        _where(
            critical,
            table,
            "content_is_what_its_hash_says",
            "The hash of a version of the last extraction is that of its record.",
            f"{last} and t.content_hash <> sha256(t.record)",
        ),
        _where(
            critical,
            table,
            "records_hold_their_keys",
            f"The id of a record of the last extraction is its {', '.join(table.key)}.",
            f"{last} and not t.is_deleted and json_valid(t.record) "
            f"and {_key(table)} is distinct from t.record_id",
        ),
    )


def _accounts(table: RecordTable) -> tuple[Check, ...]:
    return (
        critical.rows(
            "landed_versions_are_those_counted",
            "A completed extraction landed as many versions as its account says.",
            f"""
            with landed as (
                select t.load_id, count(*) as versions_landed from @rows as t where {_of(table)} group by t.load_id
            ),
            accounts as (
                select e.load_id, sum(e.rows_new) as versions_counted
                from {table.schema}.extractions as e
                where e.instance = {_text(table.instance)} and e.resource = {_text(table.resource)} group by e.load_id
            )
            select coalesce(landed.load_id, accounts.load_id) as load_id, versions_landed, versions_counted
            from landed full outer join accounts on landed.load_id = accounts.load_id
            where coalesce(versions_landed, 0) <> coalesce(versions_counted, 0)
            """,
        ),
    )


def _signs(table: RecordTable) -> tuple[Check, ...]:
    """What may be right, and should be looked at."""
    checks = (_volume(table), _kinds(table))
    if not table.has_cursor:
        return checks
    meaning = "Every record has a value of the cursor; a change of one without is not noticed."
    condition = "t.cursor_value is null and not t.is_deleted"
    return (*checks, _where(warning, table, "records_say_when_they_changed", meaning, condition))


def _volume(table: RecordTable) -> Check:
    return warning.rows(
        "volume_is_like_the_last_extraction",
        "The last extraction left at least half of the records there were.",
        f"""
        with last_one as (select max(t.load_seq) as load_seq from @rows as t where {_of(table)}),
        states as (
            select t.record_id, arg_max(t.is_deleted, t.load_seq) as is_deleted,
                arg_max(t.is_deleted, t.load_seq) filter (where t.load_seq < last_one.load_seq) as was_deleted
            from @rows as t cross join last_one where {_of(table)} group by t.record_id
        ),
        counted as (
            select sum(case when is_deleted then 0 else 1 end) as records_now,
                sum(case when was_deleted then 0 when was_deleted is null then 0 else 1 end) as records_before
            from states
        )
        select * from counted where records_now * 2 < records_before
        """,
    )


def _kinds(table: RecordTable) -> Check:
    name = f"e.instance = {_text(table.instance)} and e.resource = {_text(table.resource)}"
    return warning.rows(
        "fields_have_values_of_one_kind",
        "No field has values of several kinds in one extraction, such as numbers and texts.",
        f"""
        select kinds.key as field, e.load_id
        from {table.schema}.extractions as e, json_each(e.field_types) as kinds
        where {name} and json_extract_string(kinds.value, '$') = 'mixed'
            and e.load_seq = (select max(e.load_seq) from {table.schema}.extractions as e where {name})
            and exists (select 1 from @rows as t where {_of(table)})
        """,
    )


def _where(make: CheckMaker, table: RecordTable, key: str, meaning: str, condition: str) -> Check:
    """No version of a completed extraction of the instance may satisfy the condition."""
    sql = f"select t.record_id, t.load_id from @rows as t where {_of(table)} and ({condition})"
    return make.rows(key, meaning, sql)


def _of(table: RecordTable) -> str:
    """Condition: a version of the instance that counts."""
    completed = f"(select e.load_id from {table.schema}.extractions as e)"
    return f"t.instance = {_text(table.instance)} and t.load_id in {completed}"


def _key(table: RecordTable) -> str:
    """The key in the record: each part under its name, else along it as a path."""
    parts = []
    for field in table.key:
        steps = "".join(f".{_step(step)}" for step in field.split("."))
        named, along = (_text(f"${path}") for path in (f".{_step(field)}", steps))
        parts.append(
            f"coalesce(json_extract_string(t.record, {named}), json_extract_string(t.record, {along}))"
        )
    return " || '|' || ".join(parts)


def _step(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'


def _text(value: str) -> str:
    """A text in the SQL of a check, which is formatted."""
    return quoted(value).replace("{", "{{").replace("}", "}}")
