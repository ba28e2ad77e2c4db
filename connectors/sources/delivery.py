"""From raw_<type> to the templates: an instance's records as one delivery of the importer of files.

    latest versions that are not deleted → RecordSource per resource → mapping → Parts, checked and landed like files

Belongs here: tables of records for the mapping, the fingerprint of an instance's state. Does not belong here: the
mapping language, checks, landing (`connectors/files`).

A delivery states everything an instance holds. The importer lands what it says newly, and deletes what it no longer
says: so a changed mapping, a looked-up record that changed, a record that no longer passes a filter need no care here.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.sql_text import quoted
from connectors.files.delivery import contract_hash
from connectors.files.importer import READING, Delivery, land
from connectors.files.mapping import record_parts
from connectors.files.raw_layer.known import KnownState
from connectors.files.report import ImportReport
from connectors.files.scratch import RecordSource, Scratch, Source, scalar
from connectors.files.templates import TEMPLATES
from connectors.files.validation.bounds import DEFAULT_MAX_AMOUNT, CheckOptions
from connectors.files.validation.part import Part
from connectors.files.validation.validate import Progress
from connectors.sources.extraction.raw_layer import KnownRecords, known_records
from connectors.sources.model import Instance, Resource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: stands where a template is filled from no resource any more
NO_RESOURCE = "(no resource)"


def deliver(
    instance: Instance,
    warehouse: Path,
    *,
    dlt_dir: Path,
    timezone: str,
    allow_shrink: bool = False,
    max_amount: Decimal = DEFAULT_MAX_AMOUNT,
) -> ImportReport | None:
    """Land what an instance's records say newly in the raw tables of the templates.

    Args:
        instance: The connected system.
        warehouse: DuckDB file.
        dlt_dir: Folder for dlt's working state.
        timezone: IANA zone of moments without an offset, and of bare dates.
        allow_shrink: Let it pass when it looks cut off.
        max_amount: Largest believable absolute amount of money.

    Returns:
        The validation report; None while a resource that the mapping uses was never read completely.

    Raises:
        DeliveryRejected: The records look cut off; nothing was landed.
        MappingProblem: The mapping does not fit the records.
    """
    used = {source.file for short, source in instance.mapping.sources.items() if _is_used(instance, short)}
    with Scratch() as scratch, known_records(scratch.connection, warehouse, instance) as known:
        if not used <= known.complete():
            return None
        state = {one: known.fingerprint(one) for one in sorted(used)}
    left = _left(instance, warehouse)
    options = CheckOptions(timezone, max_amount)

    def parts(connection: DuckDBPyConnection, progress: Progress) -> list[Part]:
        with known_records(connection, warehouse, instance) as known:
            return [
                *_parts(connection, known, instance, timezone, progress),
                *_nothing(connection, left),
            ]

    hashes = {
        one: hashlib.sha256(f"{instance.name}|{one}|{print_}".encode()).hexdigest()
        for one, print_ in state.items()
    }
    hashes[NO_RESOURCE] = hashlib.sha256(b"").hexdigest()
    delivery = Delivery(
        _fingerprint(instance, state, options),
        options,
        parts,
        hashes,
        instance.mapping.mapping,
        source=instance.name,
        snapshot=True,
        allow_shrink=allow_shrink,
        changes_only=True,
    )
    return land(delivery, warehouse, dlt_dir=dlt_dir)


def _fingerprint(instance: Instance, state: dict[str, str], options: CheckOptions) -> str:
    """One text for everything that decides what is landed."""
    settings = {
        "instance": instance.name,
        "state": state,
        "contract": contract_hash(),
        "mapping": instance.mapping.model_dump(mode="json"),
        "timezone": options.timezone,
        "max_amount": str(options.max_amount),
        "reading": READING,
    }
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _left(instance: Instance, warehouse: Path) -> list[str]:
    """Templates that hold rows of the instance, and that its mapping does not fill any more."""
    filled = {rule.template for rule in instance.mapping.templates}
    with Scratch() as scratch, KnownState(scratch.connection, warehouse) as known:
        return [
            entity
            for entity, template in TEMPLATES.items()
            if entity not in filled
            and scalar(scratch.connection, f"SELECT count(*) FROM ({known.latest(template, instance.name)})")
        ]


def _nothing(connection: DuckDBPyConnection, entities: list[str]) -> list[Part]:
    """Parts without a row: what the instance said of these templates, it says no more."""
    parts = []
    for number, entity in enumerate(entities):
        table = f"nothing_{number}"
        connection.execute(f"CREATE TABLE {table} (line BIGINT, record VARCHAR, record_id VARCHAR)")
        connection.execute(f'CREATE TABLE broken_{table} (line BIGINT, "row" VARCHAR)')
        parts.append(Part(entity, RecordSource(NO_RESOURCE, table, f"broken_{table}", (), 0, 0), {}))
    return parts


def _is_used(instance: Instance, short: str) -> bool:
    return bool(instance.mapping.columns_of(short)) or any(
        rule.source == short for rule in instance.mapping.templates
    )


def _parts(
    connection: DuckDBPyConnection,
    known: KnownRecords,
    instance: Instance,
    timezone: str,
    progress: Progress,
) -> list[Part]:
    by_name = {resource.name: resource for resource in instance.resources}
    sources: dict[str, Source] = {}
    shorts = [short for short in instance.mapping.sources if _is_used(instance, short)]
    for number, short in enumerate(shorts):
        resource = by_name[instance.mapping.sources[short].file]
        progress(f"reading {instance.name}.{resource.name}", number, len(shorts))
        used = sorted(instance.mapping.columns_of(short))
        sources[short] = _record_source(connection, known, resource, used, f"records_{number}")
    return record_parts(connection, sources, instance.mapping, instance.document, zone=timezone)


def _record_source(
    connection: DuckDBPyConnection, known: KnownRecords, resource: Resource, used: list[str], table: str
) -> RecordSource:
    """The live records of a resource in a scratch table, with the used fields as columns."""
    seen = [path for path, kind in known.last_read(resource.name).field_types.items() if kind != "absent"]
    there = set(seen) | set(resource.fields) if seen else set(used)
    # a field that is in no record is left to the mapping, which names the fields there are
    headers = [*(path for path in used if path in there), *sorted(there - set(used))]
    columns = "".join(
        f"json_extract_string(record, {quoted(_json_path(path))}) AS c{at}, "
        for at, path in enumerate(headers)
        if path in used
    )
    connection.execute(
        f"CREATE TABLE {table} AS SELECT row_number() OVER (ORDER BY cursor_value, record_id) AS line, "
        f"{columns}record, record_id "
        f"FROM ({known.latest(resource.name)}) WHERE NOT is_deleted"
    )
    connection.execute(f'CREATE TABLE broken_{table} (line BIGINT, "row" VARCHAR)')
    rows = scalar(connection, f"SELECT count(*) FROM {table}")
    return RecordSource(resource.name, table, f"broken_{table}", tuple(headers), rows, 0)


def _json_path(path: str) -> str:
    escaped = [part.replace('"', '\\"') for part in path.split(".")]
    return "$" + "".join(f'."{part}"' for part in escaped)
