"""Plain data of a report; the field names are those of the marts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from serving.reports.data.books import TrueUp


@dataclass(frozen=True, slots=True)
class Person:
    """An employee in the last role of the month."""

    employee_id: str
    name: str
    department: str
    position: str | None
    team_id: str | None
    manager_id: str | None


@dataclass(frozen=True, slots=True)
class Kpi:
    """An entry of the catalogue; `unit` is ratio, count, money, times, hours or rating."""

    kpi_id: str
    name_zh: str
    name_en: str
    unit: str
    direction: str

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True, slots=True)
class Item:
    """A KPI on a card; `status` is scored, excluded or no_data."""

    employee_id: str
    plan_id: str
    component_id: str
    kpi_id: str
    group: str
    weight: Decimal
    value: Decimal | None
    target: Decimal | None
    attainment: Decimal | None
    base_score: Decimal | None
    training_bonus: Decimal | None
    score: Decimal | None
    status: str
    reason: str | None
    is_reached: bool | None
    course_id: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard of the month."""

    employee_id: str
    plan_id: str
    component_id: str
    business_score: Decimal | None
    management_score: Decimal | None
    violations: int
    service_bonus: Decimal | None
    total_score: Decimal | None
    grade: str | None
    rank: int | None
    annual_award_eligible: bool | None
    department: str | None
    days_in_role: int
    days_in_period: int
    reason: str | None
    items: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class Payout:
    """The money of a month in one currency; held lines are part of `gross`."""

    employee_id: str
    currency: str
    gross: Decimal
    held: Decimal
    adjustments: Decimal
    true_ups: Decimal
    carried_in: Decimal
    payable: Decimal
    carried_out: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """Money under a heading: a component, a deal source, a reason."""

    employee_id: str
    key: str
    currency: str
    amount: Decimal
    lines: int


@dataclass(frozen=True, slots=True)
class Month:
    """A point of the trend; None where there was nothing."""

    period: str
    score: Decimal | None
    payable: Decimal | None


@dataclass(frozen=True, slots=True)
class ResultSource:
    """Results of a month by where they come from: own, transferred or jointly_worked."""

    employee_id: str
    source: str
    amount: Decimal
    share: Decimal | None
    near_certain_share_3m: Decimal | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that would bring points or money; in the order of the money."""

    employee_id: str
    kind: str
    kpi_id: str | None
    gap: Decimal | None
    points_gain: Decimal | None
    money_gain: Decimal | None
    currency: str | None
    course_id: str | None
    text_zh: str
    text_en: str

    def text(self, language: str) -> str:
        """The sentence in a language."""
        return self.text_zh if language == "zh" else self.text_en


@dataclass(frozen=True, slots=True)
class Line:
    """A payout line; `basis` is an amount, or a number of points or visits."""

    employee_id: str
    line_id: str
    component: str
    deal_id: str | None
    customer: str | None
    basis: Decimal | None
    rate: Decimal | None
    amount: Decimal
    currency: str
    status: str
    reason: str | None
    origin_period: str | None


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that somebody has to deal with; times are naive UTC."""

    employee_id: str
    kind: str
    stage: str | None
    customer: str | None
    customer_key: str | None
    deal_id: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A rank on a leaderboard."""

    board: str
    team_id: str | None
    employee_id: str
    value: Decimal
    rank: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """A customer that changed hands, with the deal signed after it, if any."""

    from_employee_id: str
    to_employee_id: str
    customer: str
    deal_id: str | None
    changed_at: datetime
    signed_at: datetime | None
    days_to_sign: int | None
    post_activities: int | None
    is_near_certain: bool
    is_abnormal: bool
    has_reason: bool
    counted_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A talent signal."""

    employee_id: str
    signal: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of a team."""

    team_id: str
    measure: str
    value: Decimal | None
    baseline: Decimal | None
    growth: Decimal | None
    rate: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Report:
    """What the pages of employees and of groups have in common; `lapsed` counts alerts."""

    payouts: Sequence[Payout]
    held: Sequence[Amount]
    components: Sequence[Amount]
    trend: Sequence[Month]
    trend_currency: str | None
    lapsed: int

    @property
    def payout(self) -> Payout | None:
        """The payout, or the sum of all, in the currency of the trend."""
        return next((one for one in self.payouts if one.currency == self.trend_currency), None)


@dataclass(frozen=True, slots=True)
class EmployeeReport(_Report):
    """Everything on the page of an employee."""

    person: Person
    manager: Person | None
    cards: Sequence[Card]
    sources: Sequence[Amount]
    results: Sequence[ResultSource]
    lines: Sequence[Line]
    suggestions: Sequence[Suggestion]
    alerts: Sequence[OpenAlert]
    places: Sequence[Place]
    true_ups: Sequence[TrueUp] = ()

    @property
    def card(self) -> Card | None:
        """The card of most days, which the leaderboard shows."""
        return self.cards[0] if self.cards else None


@dataclass(frozen=True, slots=True)
class GroupReport(_Report):
    """Everything on the page of a team, or of the company when `team_id` is None."""

    team_id: str | None
    leaders: Sequence[Person]
    members: Sequence[EmployeeReport]
    teams: Sequence["GroupReport"]
    boards: Mapping[str, Sequence[Place]]
    transfers: Sequence[Transfer]
    signals: Sequence[Signal]
    growth: Sequence[Growth]
    alert_counts: Mapping[str, int]
    unresolved: Sequence[Payout]

    @property
    def score(self) -> Decimal | None:
        """Mean of the members' total scores; None without any."""
        scores = [
            one.card.total_score for one in self.members if one.card and one.card.total_score is not None
        ]
        return sum(scores, Decimal(0)) / len(scores) if scores else None
