"""The company's ERP in SQLite: receivables, exchange rates, stock and requests of materials.

Belongs here: tables and their rows. Does not belong here: queries and what becomes of columns (`sources.yml`).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from demo.world.tables import Tables

#: template → table of the ERP
TEMPLATES = {
    "transactions": "receivables",
    "fx_rates": "exchange_rates",
    "material_movements": "stock_movements",
    "material_requests": "stock_requests",
}
_TABLES = """
create table receivables (
    number text primary key, order_number text, kind text, amount decimal(18, 2), currency text, posted_at text);
create table exchange_rates (currency text, valid_on date, rate decimal(18, 8), primary key (currency, valid_on));
create table stock_movements (
    number text primary key, material text, keeper text, moved_on date, kind text, quantity decimal(18, 4),
    amount decimal(18, 2));
create table stock_requests (number text primary key, material text, keeper text, requested_at text, issued_at text);
"""


def write_erp(path: Path, tables: Tables) -> None:
    """Write the database.

    Args:
        path: SQLite file; an earlier one is replaced.
        tables: The company.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_TABLES)
        for template, table in TEMPLATES.items():
            rows = [[value or None for value in row] for row in tables.rows[template]]
            marks = ", ".join("?" * len(rows[0])) if rows else "null"
            database.executemany(f"insert into {table} values ({marks})", rows)
