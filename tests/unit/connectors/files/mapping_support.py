"""What a mapping makes of foreign files, checked but not landed: quick, for many small cases."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.files.delivery import list_files
from connectors.files.mapping import load_mapping, mapped_parts
from connectors.files.scratch import Scratch
from connectors.files.validation.bounds import CheckOptions
from connectors.files.validation.validate import Checked, check_parts

DEALS = """\
mapping: small
sources: {{s: {{file: sales.csv}}}}
templates:
  - template: deals
    from: s
    columns:
      deal_id: No
      customer_id: {{constant: C1}}
      owner_employee_id: {{constant: E1}}
      amount: {amount}
      currency: {{constant: CNY}}
      signed_at: {signed_at}
      status: {{constant: signed}}
"""


def deals_mapping(amount: str = "Amount", signed_at: str = "{constant: 2026-01-05}") -> str:
    return DEALS.format(amount=amount, signed_at=signed_at)


@contextmanager
def checked(folder: Path, mapping: str, zone: str = "Asia/Shanghai") -> Iterator[Checked]:
    """A delivery as it is after all checks."""
    with tempfile.TemporaryDirectory() as beside, Scratch() as scratch:
        path = Path(beside) / "mapping.yml"
        path.write_text(mapping, encoding="utf-8")
        parts = mapped_parts(
            scratch.connection, list_files(folder), *load_mapping(path), lambda *_: None, zone=zone
        )
        yield check_parts(scratch.connection, parts, CheckOptions(zone), lambda *_: None)


def rows(
    folder: Path, mapping: str, columns: str, entity: str = "deals", **options: str
) -> list[tuple[Any, ...]]:
    """The rows that would be landed."""
    with checked(folder, mapping, **options) as found:
        return found.connection.execute(
            f"select {columns} from checked_{entity} where _reason is null and not _is_repeat order by _part, _line"
        ).fetchall()


def set_aside(folder: Path, mapping: str) -> list[tuple[Any, ...]]:
    """Line, field, found value and reason of every row that would be quarantined."""
    with checked(folder, mapping) as found:
        return found.connection.execute(
            "select line, field, value, reason from quarantine order by line"
        ).fetchall()
