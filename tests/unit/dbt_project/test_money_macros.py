"""The exact arithmetic of ``macros/portable/money.sql`` on DuckDB, against Python's decimals.

Belongs here: values around the limits at which a macro goes from 64 to 128 bits. Does not belong here: models.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.unit.dbt_project.macros import load_macros

Rows = list[tuple[Decimal, Decimal]]


@pytest.fixture(scope="module")
def macros() -> Any:
    """The macros as dbt dispatches them for DuckDB."""
    return load_macros("portable/money.sql")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def values(places: int, *, seed: int) -> Rows:
    """Pairs of all sizes, many of them near powers of ten."""
    rng, unit = random.Random(seed), Decimal(1).scaleb(-places)
    pairs = []
    for _ in range(4000):
        sides = [
            Decimal(10) ** rng.randint(-places, 11) * rng.choice([1, rng.randint(1, 99)])
            + unit * rng.randint(-2, 2)
            for _ in range(2)
        ]
        pairs.append((rng.choice([-1, 1, 1]) * sides[0].quantize(unit), sides[1].quantize(unit)))
    return [*pairs, (Decimal(0), unit), (unit, Decimal(0)), (Decimal("0.5").quantize(unit), Decimal(1))]


def give(connection: duckdb.DuckDBPyConnection, rows: Rows, *kinds: str) -> None:
    """The table `given` with the columns `a` and `b` of two types, numbered by `id`."""
    written = pa.table({name: [str(row[at]) for row in rows] for at, name in enumerate("ab")})
    connection.register("written", written.append_column("id", pa.array(range(len(rows)))))
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in zip("ab", kinds, strict=True))
    connection.execute(f"create or replace table given as select id, {columns} from written")
    connection.unregister("written")


def ask(connection: duckdb.DuckDBPyConnection, rows: Rows, kind: str, expression: str) -> list[Any]:
    """The expression over columns `a` and `b`, in the order of the rows."""
    give(connection, rows, kind, kind)
    found = connection.execute(f"select {expression} from given order by id").fetchall()
    return [value for (value,) in found]


@pytest.mark.parametrize(("scale", "places"), [(6, 6), (6, 2), (4, 4), (2, 2), (2, 0), (6, 0), (18, 0)])
def test_a_quotient_is_rounded_half_away_from_zero(
    macros: Any, connection: duckdb.DuckDBPyConnection, scale: int, places: int
) -> None:
    limit = Decimal(10) ** (27 - scale)
    with localcontext() as context:
        context.prec = 80
        rows = [
            row
            for row in values(places, seed=scale * 100 + places)
            if not row[1] or abs(row[0] / row[1]) < limit
        ]
        wanted = [(a / b).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP) if b else None for a, b in rows]
    found = ask(connection, rows, f"decimal(28, {places})", macros.exact_div("a", "b", scale, places))
    assert found == wanted


def test_whole_numbers_are_divided_with_remainder(macros: Any, connection: duckdb.DuckDBPyConnection) -> None:
    rows = [(abs(a), b) for a, b in values(0, seed=7) if b > 0]
    rows += [(Decimal(2**63 + n), Decimal(d)) for n in (-1, 0, 1) for d in (1, 3, 10**9)]
    rows += [(Decimal(10**30 + 7), Decimal(10**20))]
    assert ask(connection, rows, "hugeint", macros.int_div("a", "b")) == [int(a // b) for a, b in rows]
    assert ask(connection, rows, "hugeint", macros.int_mod("a", "b")) == [int(a % b) for a, b in rows]


@pytest.mark.parametrize("places", [2, 6, 8, 10, 12])
def test_units_are_the_whole_number_of_a_decimal(
    macros: Any, connection: duckdb.DuckDBPyConnection, places: int
) -> None:
    rows = values(places, seed=places)
    found = ask(connection, rows, f"decimal(28, {places})", macros.to_units("a", places))
    assert found == [int((a * 10**places).to_integral_value(ROUND_DOWN)) for a, _ in rows]


def test_an_amount_times_a_rate_is_rounded_once(macros: Any, connection: duckdb.DuckDBPyConnection) -> None:
    rng = random.Random(3)
    amounts = [a for a, _ in values(2, seed=2)]
    rates = [Decimal(rng.randint(-(10 ** rng.randint(1, 13)), 10**13)).scaleb(-12) for _ in amounts]
    rates[::2] = [rate.quantize(Decimal("0.0001")) for rate in rates[::2]]
    rows = list(zip(amounts, rates, strict=True))
    give(connection, rows, "decimal(18, 2)", "decimal(18, 12)")
    found = connection.execute(f"select {macros.exact_mul('a', 'b')} from given order by id").fetchall()
    with localcontext() as context:
        context.prec = 60
        assert [value for (value,) in found] == [
            (a * b).quantize(Decimal("0.01"), ROUND_HALF_UP) for a, b in rows
        ]
