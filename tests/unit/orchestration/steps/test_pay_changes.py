"""What a run may not publish in silence: a plan that pays no more, a closed month that moves."""

from decimal import Decimal

import pytest

from orchestration.errors import InputError
from orchestration.steps.pay_changes import Pay, accepted_names, pay_changes, refused

SHARE = Decimal("0.05")
PUBLISHED = Pay(
    frozenset({"sales", "school"}),
    {("2026-01", "CNY"): Decimal(1000), ("2026-02", "CNY"): Decimal(2000), ("2026-03", "CNY"): Decimal(50)},
    open_month="2026-03",
)


def _pay(plans: set[str], *payable: int) -> Pay:
    months = ("2026-01", "2026-02", "2026-03")
    return Pay(
        frozenset(plans),
        {(month, "CNY"): Decimal(amount) for month, amount in zip(months, payable, strict=True) if amount},
        "2026-04",
    )


def _names(present: Pay, new_facts: set[str] | None = None) -> list[str]:
    return [change.name for change in pay_changes(PUBLISHED, present, new_facts or set(), SHARE)]


def test_a_plan_that_paid_and_pays_no_more_is_named_with_the_months_that_move() -> None:
    changes = pay_changes(PUBLISHED, _pay({"sales"}, 4, 0, 0), set(), SHARE)
    assert [change.name for change in changes] == ["plan:school", "month:2026-01", "month:2026-02"]
    assert "2026-02 pays 0 CNY instead of 2,000 (-100.0%) without a new fact" in changes[2].text


def test_a_closed_month_may_move_by_the_share_and_by_more_with_a_new_fact_of_it() -> None:
    both = {"sales", "school"}
    assert _names(_pay(both, 1050, 1900, 50)) == []
    assert _names(_pay(both, 1051, 2000, 50)) == ["month:2026-01"]
    assert _names(_pay(both, 1051, 2000, 50), {"2026-01"}) == []
    assert _names(_pay(both, 1051, 2000, 50), {"2026-02"}) == ["month:2026-01"]


def test_the_month_that_was_open_may_move_freely() -> None:
    assert _names(_pay({"sales", "school"}, 1000, 2000, 900)) == []


def test_what_is_accepted_by_name_passes_and_nothing_else() -> None:
    changes = pay_changes(PUBLISHED, _pay({"sales"}, 4, 0, 0), set(), SHARE)
    assert [one.name for one in refused(changes, ["plan:school"])] == ["month:2026-01", "month:2026-02"]
    assert refused(changes, ["plan:school", "month:2026-Q1"]) == []


@pytest.mark.parametrize("name", ["school", "plan:", "quarter:2026", "month:soon"])
def test_a_name_of_no_change_is_bad_input(name: str) -> None:
    with pytest.raises(InputError):
        accepted_names([name])
