"""The `files` source: deliveries of CSV, XLSX and Parquet files, in the templates or through a mapping.

    delivery folder
      → delivery      which files, for which entity, fingerprint (the same as the last one: nothing to do)
      → readers       text with line numbers; encodings, worksheets, typed cells spelled exactly
      → headers       Chinese or English headers to columns; or mapping: foreign columns to columns
      → validation    text to typed values, first broken rule of each row; keys compared; every row accepted or
                      quarantined, and counted; truncated deliveries refused, what a snapshot no longer holds deleted
      → raw_layer     schema raw_files through dlt, then the row in raw_files.loads that makes the load count

Belongs here: everything about files as a source. Does not belong here: who an id belongs to, what a deal is
worth, which version of a record is current; that is computed from the raw layer.

Only light modules are imported here; engines are loaded when a function is called.
"""

from __future__ import annotations

from connectors.common.problems import DeliveryRejected, ImportProblem, MappingProblem
from connectors.files.empty_templates import write_templates
from connectors.files.importer import import_delivery, validate_delivery
from connectors.files.raw_layer.tables import arrow_schema, ensure_raw_tables, raw_tables
from connectors.files.report import FileReport, ImportReport, QuarantineGroup, Sample
from connectors.files.spec import DeliverySpec
from connectors.files.templates import TEMPLATES
from connectors.files.validation.reasons import REASONS


def entities() -> tuple[str, ...]:
    """The names of all templates, in the order of the contract."""
    return tuple(TEMPLATES)


__all__ = [
    "REASONS",
    "TEMPLATES",
    "DeliveryRejected",
    "DeliverySpec",
    "FileReport",
    "ImportProblem",
    "ImportReport",
    "MappingProblem",
    "QuarantineGroup",
    "Sample",
    "arrow_schema",
    "ensure_raw_tables",
    "entities",
    "import_delivery",
    "raw_tables",
    "validate_delivery",
    "write_templates",
]
