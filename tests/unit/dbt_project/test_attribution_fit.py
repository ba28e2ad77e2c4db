"""Markov removal effects and Shapley values against figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
from attribution_fit import CONVERSION, NULL, START, fit_weights, removal_effects, shapley_values


def test_a_channel_on_every_converting_path_weighs_as_much_as_all_of_them() -> None:
    """web then fair converts, web alone does not: removing either loses the only conversion."""
    chain = {START: {"web": 2}, "web": {"fair": 1, NULL: 1}, "fair": {CONVERSION: 1}}
    assert removal_effects(chain) == {"web": Fraction(1, 2), "fair": Fraction(1, 2)}


def test_the_removal_effect_is_the_share_of_conversions_lost() -> None:
    """Converting: 2/3 (1/2 + 1/4) + 1/6 = 2/3; without web 1/6, so 3/4 is lost; without fair 1/3, so 1/2 is lost."""
    chain = {
        START: {"web": 2, "fair": 1},
        "web": {CONVERSION: 1, "fair": 1},
        "fair": {CONVERSION: 1, NULL: 1},
    }
    assert removal_effects(chain) == {"web": Fraction(3, 5), "fair": Fraction(2, 5)}


def test_channels_may_come_back() -> None:
    """web, fair, web, conversion: a circle; both channels are on the only path."""
    chain = {START: {"web": 1}, "web": {"fair": 1, CONVERSION: 1}, "fair": {"web": 1}}
    assert removal_effects(chain) == {"web": Fraction(2, 3), "fair": Fraction(1, 3)}


def test_nothing_is_fitted_when_nothing_converts() -> None:
    assert removal_effects({START: {"web": 1}, "web": {NULL: 1}}) == {}
    assert shapley_values([]) == {}


def test_a_converted_path_is_shared_equally_by_its_distinct_channels() -> None:
    """One path over web and fair, two over web alone: web 2.5, fair 0.5 of 3."""
    assert shapley_values([("web", 2, 1), ("fair", 2, 1), ("web", 1, 2)]) == {
        "web": Fraction(5, 6),
        "fair": Fraction(1, 6),
    }


def test_fits_are_separate_per_month_and_customer_type_and_rounded_to_twelve_places() -> None:
    rows = [
        ("transition", "2026-03", "company", START, "web", 1),
        ("transition", "2026-03", "company", "web", CONVERSION, 1),
        ("transition", "2026-03", "", START, "web", 3),
        ("transition", "2026-03", "", "web", NULL, 3),
        ("coalition", "2026-03", "company", "web", "3", 1),
        ("coalition", "2026-03", "company", "fair", "3", 2),
    ]
    names = ("kind", "period", "customer_type", "from_state", "to_state", "path_count")
    counts = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    assert [tuple(row.values()) for row in fit_weights(counts).to_pylist()] == [
        ("markov", "2026-03", "company", "web", Decimal("1.000000000000")),
        ("shapley", "2026-03", "company", "fair", Decimal("0.666666666667")),
        ("shapley", "2026-03", "company", "web", Decimal("0.333333333333")),
    ]
