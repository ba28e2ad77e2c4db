"""The crediting section of a plan: which leads count, where a deal comes from, who is credited.

Belongs here: the settings of rulebook sections 3, 5 and 12. They hold for the whole company, so
two plans with this section never overlap in time. Does not belong here: rates (components).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from compensation.model.scalars import (
    Count,
    Days,
    Duration,
    Name,
    PlanModel,
    PositiveMoney,
    PositiveRate,
    Rate,
)

LeadRule = Literal[
    "missing_contact", "bad_contact", "duplicate", "existing_customer", "out_of_profile", "rejected", "stale"
]
AttributionModel = Literal["first", "last", "linear", "position", "time_decay", "markov", "shapley"]
ActivityKind = Literal["call", "visit", "meeting", "message", "demo", "other"]
JOURNEY_STAGES = ("entered", "visited", "received", "intent_registered", "contract_archived", "settled")
LEAD_RULES: tuple[LeadRule, ...] = (
    "missing_contact",
    "bad_contact",
    "duplicate",
    "existing_customer",
    "out_of_profile",
    "rejected",
    "stale",
)


_NO_NAME_ZH = """
无 没有 无名 无名称 无公司名 暂无 暂缺 空 空白 未知 不详 不明 不知道 待定 待补 待补充 待填 待填写
待确认 未填 未填写 未提供 未命名 不适用 保密 匿名 同上 个人 个体 个体户 自然人 私人 本人 散客 其他
其它 测试 样例 示例 某公司 無 暫無 尚无 缺 无单位 无公司 无公司名称 个人客户 個人 散户 零售客户 现金客户
未知客户 新客户 测试客户 临时 临时客户 客户 公司
"""
_NO_NAME_EN = """
n/a, na, not applicable, not available, nil, null, none, nan, no, no name, noname, nothing, unknown,
not known, unnamed, anonymous, undefined, missing, empty, blank, tbd, tba, tbc, to be determined,
to be confirmed, pending, other, others, same as above, private, personal, individual, person, self,
test, testing, test company, demo, dummy, sample, example, x, xx, xxx, same, as above, customer, client,
company, no company, walk in, cash customer, ref
"""
PLACEHOLDER_NAMES: tuple[str, ...] = (
    *_NO_NAME_ZH.split(),
    *(name.strip() for name in _NO_NAME_EN.split(",")),
)
"""Company names that say there is none, in Chinese and English."""


class LeadValidity(PlanModel):
    """When a lead is valid (rulebook 3.1)."""

    rules: list[LeadRule] = Field(default=list(LEAD_RULES))
    """The rules a lead must meet, in the order of the rulebook; the first failing one is the reason."""
    dedupe_days: Days = 90
    """A lead is a duplicate when the customer had an earlier lead within this many days (default)."""
    accepted_customer_types: list[Name] = Field(default=[])
    """Customer types that fit the profile; empty: every type fits."""
    visit_days: Count | None = None
    """A lead without a visit within this many days is stale; empty: no lead is stale."""


class DealSource(PlanModel):
    """Where a signed deal comes from (rulebook 3.2, 3.3)."""

    protection_days: Days = 180
    """A valid lead makes a deal `marketing` when it is at most this many days older (default)."""
    lookback_days: Days = 365
    """How far back a lead or another owner makes a self-sourced deal internal circulation (default)."""
    origination_departments: list[Name] = Field(default=["marketing"])
    """Departments whose leads earn points and origination credit."""


class PositionShares(PlanModel):
    """Shares of the `position` attribution model; they add up to 1."""

    first: Rate = Decimal("0.4")
    """Share of the first touch."""
    middle: Rate = Decimal("0.2")
    """Share of all touches in between, together."""
    last: Rate = Decimal("0.4")
    """Share of the last touch."""


class Attribution(PlanModel):
    """How the origination pool is shared among the owners of the touches (rulebook 3.5)."""

    model: AttributionModel = "first"
    """The model that pays; all models are computed side by side (default first)."""
    position: PositionShares = PositionShares()
    """Shares of the position model, 40/20/40."""
    half_life_days: Count = 7
    """Days after which the weight of a touch has halved in `time_decay` (default)."""
    history_months: Count = 12
    """Closed months before the period on which the data-driven models are fitted (default)."""


class Award(PlanModel):
    """A collaboration award: a share of the deal or a fixed amount, exactly one of the two."""

    rate: PositiveRate | None = None
    """Award as a share of the deal; 0.005 when neither rate nor amount is written (default)."""
    amount: PositiveMoney | None = None
    """Award as a fixed amount in the plan's currency."""

    @model_validator(mode="before")
    @classmethod
    def _default_rate(cls, data: Any) -> Any:
        if isinstance(data, dict) and "rate" not in data and data.get("amount") is None:
            return {**data, "rate": Decimal("0.005")}
        return data


class JointAward(Award):
    """Award for a deal that originator and closer worked on together (rulebook 3.6 a)."""

    min_activities: Count = 1
    """Substantive activities each of the two needs between lead and signing (default)."""


class CollaborationAwards(PlanModel):
    """The two collaboration awards (rulebook 3.6)."""

    joint: JointAward = JointAward()
    """Award of a joint deal."""
    referral: Award = Award()
    """Award to the owner of the referring customer."""
    substantive_kinds: list[ActivityKind] = Field(default=["call", "visit", "meeting", "demo"])
    """Kinds of activity that count as substantive work."""


class Transfers(PlanModel):
    """Evidence and effect of handing a customer to another employee (rulebook 5)."""

    near_certain_days: Days = 30
    """Followed for more than this many days before the transfer: near certain (given: 1 month)."""
    near_certain_share_months: Count = 3
    """Months over which the share of near-certain customers is published (given)."""
    min_post_activities: Count = 2
    """Activities of the receiver that count as substantive work (default)."""
    min_post_minutes: Count = 30
    """Minutes of the receiver that count as substantive work (default)."""
    close_days: Days = 30
    """Signed within this many days after the transfer and no substantive work: abnormal (default)."""
    window_days: Days = 90
    """Deals signed within this many days after a transfer belong to it (default)."""
    counted_share: Rate = Decimal("0.2")
    """Share of such a deal that counts for the receiver's task, quota and growth (given)."""
    remainder_to: Literal["team", "giver"] = "team"
    """Where the rest of the deal counts (default team)."""


class Journey(PlanModel):
    """Longest time to reach each stage after the one before, and how long an alert stands (rulebook 12)."""

    visited: Duration | None = 259_200
    """From entered to visited (default 72h); empty here and below: no limit."""
    received: Duration | None = 14_400
    """From visited to received (default 4h)."""
    intent_registered: Duration | None = 1_209_600
    """From received to intent registered (default 14d)."""
    contract_archived: Duration | None = 2_592_000
    """From intent registered to contract archived (default 30d)."""
    settled: Duration | None = 1_296_000
    """From contract archived to settled (default 15d)."""
    alert_lapse: Duration | None = 2_592_000
    """An alert of a stage lapses this long after it was raised (default 30d); empty: never."""


class Crediting(PlanModel):
    """Company-wide rules of credit, in force from the plan's valid_from to its valid_to."""

    person_types: list[Name] = Field(default=["individual"])
    """Customer types that are natural persons: their names never identify a customer."""
    placeholder_names: list[Name] = Field(default=list(PLACEHOLDER_NAMES))
    """Company names that say there is none: they never identify a customer (default: usual ones, zh and en)."""
    lead_validity: LeadValidity = LeadValidity()
    """When a lead is valid."""
    deal_source: DealSource = DealSource()
    """Where a deal comes from."""
    basis: Literal["signed", "invoiced", "collected"] = "signed"
    """The transactions that earn commission (default signed)."""
    attribution: Attribution = Attribution()
    """Sharing of the origination pool."""
    collaboration: CollaborationAwards = CollaborationAwards()
    """Collaboration awards."""
    transfers: Transfers = Transfers()
    """Customers handed from one employee to another."""
    journey: Journey = Journey()
    """Limits of the customer journey's stages."""
