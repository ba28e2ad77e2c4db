"""Channel weights of the data-driven attribution models (rulebook 3.5; decision R13).

One fit belongs to a period P and a customer type. It looks at the `history_months` months before P.
The path of a customer is its touches in that window (valid leads or leads that are only duplicates, of
origination, one per owner and business day); the first not cancelled deal signed in the window at or
after the first touch converts it and cuts the path there.

Markov: first-order chain START → channels → CONV or NULL with transition probabilities from counts.
P is the probability to reach CONV from START; removing channel c sends every transition into c to
NULL, which gives P_c. RE_c = 1 − P_c ÷ P, weight = RE_c ÷ Σ RE.

Shapley: v(S) = number of converted paths whose channel set ⊆ S. v is a sum of unanimity games, so the
Shapley value of a channel is exactly Σ over converted paths that contain it of 1 ÷ (number of
distinct channels of the path); weight = value ÷ number of converted paths.

All numbers are exact rationals; published weights are rounded half up to 12 places and used rounded.

Belongs here: paths and weights. Does not belong here: splitting a deal (`attribution.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.reference.deals import one_a_day
from tests.reference.money import half_up
from tests.reference.months import first_day, period_of, shift
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

START, CONVERTED, LOST = "<start>", "<conversion>", "<null>"
WEIGHT_PLACES = 12


@dataclass(frozen=True)
class Journey:
    """The channels a customer came through and whether it signed."""

    channels: tuple[str, ...]
    is_converted: bool


def shapley_weights(paths: list[Journey]) -> dict[str, Fraction]:
    """Exact Shapley shares of the channels; empty without a conversion."""
    converted = [set(path.channels) for path in paths if path.is_converted]
    values: dict[str, Fraction] = {channel: Fraction(0) for path in paths for channel in path.channels}
    for channels in converted:
        for channel in channels:
            values[channel] += Fraction(1, len(channels))
    return {channel: value / len(converted) for channel, value in values.items()} if converted else {}


def markov_weights(paths: list[Journey]) -> dict[str, Fraction]:
    """Exact removal-effect shares of the channels; empty when nothing converts."""
    if not any(path.is_converted for path in paths):
        return {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        states = [START, *path.channels, CONVERTED if path.is_converted else LOST]
        for source, target in pairwise(states):
            counts[source][target] += 1
    chances = {
        source: {target: Fraction(number, targets.total()) for target, number in targets.items()}
        for source, targets in counts.items()
    }
    whole = conversion_chance(chances, removed=None)
    channels = [state for state in chances if state != START]
    effects = {channel: 1 - conversion_chance(chances, channel) / whole for channel in channels}
    return {channel: effect / sum(effects.values()) for channel, effect in effects.items()}


def conversion_chance(chances: dict[str, dict[str, Fraction]], removed: str | None) -> Fraction:
    """Probability to reach CONVERTED from START, without one channel, solved exactly."""
    states = [state for state in chances if state != removed]
    matrix = []
    for state in states:
        row = [Fraction(int(state == other)) - chances[state].get(other, Fraction(0)) for other in states]
        matrix.append([*row, chances[state].get(CONVERTED, Fraction(0))])
    return _solve(matrix)[states.index(START)]


def _solve(matrix: list[list[Fraction]]) -> list[Fraction]:
    """Gauss-Jordan elimination of an augmented matrix; every state leads to an end, so it is regular."""
    size = len(matrix)
    for column in range(size):
        pivot = next(row for row in range(column, size) if matrix[row][column] != 0)
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        head = matrix[column][column]
        matrix[column] = [value / head for value in matrix[column]]
        for row in range(size):
            factor = matrix[row][column]
            if row != column and factor != 0:
                pairs = zip(matrix[row], matrix[column], strict=True)
                matrix[row] = [value - factor * other for value, other in pairs]
    return [row[-1] for row in matrix]


class Fits:
    """Fitted weights of a company, by model, period and customer type."""

    MODELS = {"markov": markov_weights, "shapley": shapley_weights}

    def __init__(self, world: World) -> None:
        self._world = world
        self._paths: dict[str, dict[str, list[Journey]]] = {}
        self._weights: dict[tuple[str, str, str], dict[str, Decimal]] = {}

    def paths(self, period: str) -> dict[str, list[Journey]]:
        """Paths by customer type in the history of a period."""
        if period not in self._paths:
            policy = self._world.book.policy_at(first_day(period))
            start = shift(period, -policy["attribution"]["history_months"])
            found: dict[str, list[Journey]] = defaultdict(list)
            for key in self._world.leads_by_key:
                journey = self._journey(key, start, shift(period, -1))
                if journey:
                    found[self._world.customer_types.get(key, "")].append(journey)
            self._paths[period] = found
        return self._paths[period]

    def _journey(self, key: str, first: str, last: str) -> Journey | None:
        """Path of a customer between two months."""
        leads = [lead for lead in self._world.leads_by_key[key] if lead.is_touch]
        touches = [t for t in one_a_day(leads) if first <= period_of(t.created_date) <= last]
        if not touches:
            return None
        signed = [
            deal.signed_at
            for deal in self._world.bare_deals_by_key[key]
            if not deal.is_cancelled
            and first <= period_of(self._world.day(deal.signed_at)) <= last
            and deal.signed_at >= touches[0].created_at
        ]
        if signed:
            touches = [touch for touch in touches if touch.created_at <= signed[0]]
        return Journey(tuple(touch.channel for touch in touches), bool(signed))

    def weights(self, model: str, period: str, customer_type: str) -> dict[str, Decimal]:
        """Channel weights at 12 places; empty when nothing is fitted."""
        key = (model, period, customer_type)
        if key not in self._weights:
            exact = self.MODELS[model](self.paths(period).get(customer_type, []))
            self._weights[key] = {name: half_up(weight, WEIGHT_PLACES) for name, weight in exact.items()}
        return self._weights[key]

    def rows(self) -> list[Row]:
        """fct_attribution_weights of every period ("published with the period")."""
        return [
            {
                "model": model,
                "period": period,
                "customer_type": customer_type,
                "channel": channel,
                "weight": weight,
            }
            for period in self._world.periods
            for customer_type in self.paths(period)
            for model in self.MODELS
            for channel, weight in sorted(self.weights(model, period, customer_type).items())
        ]
