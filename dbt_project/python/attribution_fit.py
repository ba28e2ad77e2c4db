"""Data-driven attribution weights, exactly (rulebook 3.5).

Belongs here: the removal effect of a first-order chain and the Shapley value over channel sets, in rational numbers
from counted paths. Does not belong here: counting paths (SQL does) and sharing a deal among its touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"
_PLACES = Decimal("0.000000000001")
Transitions = dict[str, dict[str, int]]


def _inverse(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Inverse of a regular matrix by Gauss-Jordan elimination."""
    size = len(matrix)
    rows = [row + [Fraction(int(i == j)) for j in range(size)] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [value / scale for value in rows[column]]
        for other in range(size):
            factor = rows[other][column]
            if other != column and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return [row[size:] for row in rows]


def _reachable(transitions: Transitions) -> list[str]:
    """Channels that a path from the start can visit, in order of their names."""
    seen: set[str] = set()
    waiting = [START]
    while waiting:
        for target in transitions.get(waiting.pop(), {}):
            if target not in seen and target not in (CONVERSION, NULL):
                seen.add(target)
                waiting.append(target)
    return sorted(seen)


def removal_effects(transitions: Transitions) -> dict[str, Fraction]:
    """Weight of each channel by its removal effect; empty when nothing converts.

    A removed channel sends every transition into it to nowhere: what is lost is the probability to visit it times
    the probability to convert from it.
    """
    channels = _reachable(transitions)
    position = {channel: index for index, channel in enumerate(channels)}
    size = len(channels)
    matrix = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    converting = [Fraction(0)] * size
    for channel, targets in transitions.items():
        if channel not in position:
            continue
        total = sum(targets.values())
        for target, count in targets.items():
            if target == CONVERSION:
                converting[position[channel]] += Fraction(count, total)
            elif target in position:
                matrix[position[channel]][position[target]] -= Fraction(count, total)
    visits = _inverse(matrix)
    from_channel = [sum((v * c for v, c in zip(row, converting, strict=True)), Fraction(0)) for row in visits]
    starts = transitions[START]
    total = sum(starts.values())
    effects = {}
    for channel, index in position.items():
        expected = sum(
            (Fraction(n, total) * visits[position[first]][index] for first, n in starts.items()), Fraction(0)
        )
        effects[channel] = expected / visits[index][index] * from_channel[index]
    return _normalised(effects)


def shapley_values(coalitions: Iterable[tuple[str, int, int]]) -> dict[str, Fraction]:
    """Weight of each channel by its Shapley value; empty when nothing converts.

    Args:
        coalitions: (channel, number of distinct channels of the path, converted paths).
    """
    values: dict[str, Fraction] = defaultdict(Fraction)
    for channel, size, count in coalitions:
        values[channel] += Fraction(count, size)
    return _normalised(values)


def _normalised(values: dict[str, Fraction]) -> dict[str, Fraction]:
    total = sum(values.values(), Fraction(0))
    return {key: value / total for key, value in values.items()} if total else {}


def _rounded(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES, ROUND_HALF_UP)


def fit_weights(counts: pa.Table) -> pa.Table:
    """Fitted weights of both models.

    Args:
        counts: columns kind (``transition`` or ``coalition``), period, customer_type, from_state, to_state,
            path_count; for a coalition from_state is the channel and to_state the size of its path's channel set.

    Returns:
        Columns model, period, customer_type, channel, weight (decimal, 12 places); sorted.
    """
    import pyarrow as pa

    transitions: dict[tuple[str, str], Transitions] = defaultdict(lambda: defaultdict(dict))
    coalitions: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for row in counts.to_pylist():
        fit = (row["period"], row["customer_type"])
        if row["kind"] == "transition":
            transitions[fit][row["from_state"]][row["to_state"]] = row["path_count"]
        else:
            coalitions[fit].append((row["from_state"], int(row["to_state"]), row["path_count"]))
    fitted = [("markov", fit, removal_effects(chain)) for fit, chain in transitions.items()]
    for fit, paths in coalitions.items():
        unseen = {channel: Fraction(0) for channel in transitions[fit] if channel != START}
        fitted.append(("shapley", fit, unseen | shapley_values(paths)))
    rows = sorted(
        (model, period, customer_type, channel, _rounded(weight))
        for model, (period, customer_type), weights in fitted
        for channel, weight in weights.items()
    )
    names = ("model", "period", "customer_type", "channel")
    columns = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)}
    columns["weight"] = pa.array([row[4] for row in rows], pa.decimal128(18, 12))
    return pa.table(columns)
