"""Sharing the origination pool over the touches (rulebook 3.5; decision R12).

Belongs here: the seven models as exact shares of employees. Does not belong here: fitting the
data-driven ones (`attribution_fit.py`).
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.leads import Lead
from tests.reference.money import half_up, normalised, published_shares
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

MODELS = ("first", "last", "linear", "position", "time_decay", "markov", "shapley")
FIFTY_DIGITS = Context(prec=50)


def decay_weight(age_days: int, half_life_days: int) -> Decimal:
    """Weight 2^(−age ÷ half-life) "from a decimal table of 12 places"."""
    exponent = FIFTY_DIGITS.divide(Decimal(-age_days), Decimal(half_life_days))
    return half_up(FIFTY_DIGITS.power(Decimal(2), exponent), 12)


def position_weights(count: int, setting: Row) -> list[Fraction]:
    """40/20/40; "two touches 50/50; one 100"."""
    if count <= 2:
        return [Fraction(1, count)] * count
    middle = Fraction(setting["middle"]) / (count - 2)
    return [Fraction(setting["first"]), *[middle] * (count - 2), Fraction(setting["last"])]


def touch_weights(world: World, deal: Deal, model: str) -> list[Fraction]:
    """Weight of each touch of a deal under a model; all 0 means nothing to go by."""
    setting, touches = deal.policy["attribution"], deal.touches
    count = len(touches)
    if model == "first":
        return [Fraction(int(index == 0)) for index in range(count)]
    if model == "last":
        return [Fraction(int(index == count - 1)) for index in range(count)]
    if model == "linear":
        return [Fraction(1)] * count
    if model == "position":
        return position_weights(count, setting["position"])
    if model == "time_decay":
        ages = [(deal.signed_date - touch.created_date).days for touch in touches]
        return [Fraction(decay_weight(age, setting["half_life_days"])) for age in ages]
    customer_type = world.customer_types.get(deal.customer_key, "")
    fitted = world.fits.weights(model, deal.period, customer_type)
    return [Fraction(fitted.get(touch.channel, 0)) for touch in touches]


def origination_shares(world: World, deal: Deal, model: str) -> dict[str, Fraction]:
    """Exact shares by employee; "Several touches of one employee are added"; equal when all weights are 0."""
    weights = touch_weights(world, deal, model)
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    added: dict[str, Fraction] = {}
    for touch, weight in zip(deal.touches, weights, strict=True):
        added[touch.owner] = added.get(touch.owner, Fraction(0)) + weight
    return normalised(added)


def first_touch(deal: Deal) -> Lead | None:
    """The earliest touch."""
    return deal.touches[0] if deal.touches else None


def rows(world: World) -> list[Row]:
    """fct_attribution: "All models are computed side by side in one table"."""
    return [
        {"deal_id": deal.deal_id, "employee_id": employee, "model": model, "share": share}
        for deal in world.deals
        if deal.is_creditable and deal.source == "marketing"
        for model in MODELS
        for employee, share in published_shares(origination_shares(world, deal, model)).items()
    ]
