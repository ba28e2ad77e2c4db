"""Templates about deals and money: deals, their splits and transactions, rates, decisions, adjustments.

Belongs here: template data only. Does not belong here: parsing, checks, landing.
"""

from __future__ import annotations

from decimal import Decimal

from connectors.common.contract import Column, Kind, Template
from connectors.files.templates._columns import (
    ZERO,
    choice,
    currency,
    day,
    employee,
    ident,
    moment,
    money,
    number,
    text,
)

DEALS: tuple[Template, ...] = (
    Template(
        "deals",
        "订单",
        "one row per deal",
        ("deal_id",),
        (
            ident("deal_id", "订单编号", "id of the deal", required=True),
            ident("customer_id", "客户编号", "who bought", required=True),
            employee("owner_employee_id", "负责人编号", "who closed the deal", required=True),
            money("amount", "金额", "signed amount", required=True),
            currency(required=True),
            number("units", "数量", "number of units sold"),
            moment("signed_at", "签约时间", "when it was signed", required=True),
            choice(
                "status",
                "状态",
                "informative; money moves by transactions",
                "signed",
                "cancelled",
                required=True,
            ),
            text("claimed_source", "申报来源", "source claimed by the CRM"),
            ident("referrer_customer_id", "推荐客户编号", "customer who referred the buyer"),
            text("product", "产品", "what was sold"),
            text("deal_kind", "订单类型", "kind of deal"),
        ),
    ),
    Template(
        "deal_splits",
        "订单分成",
        "one row per deal, pool and employee",
        ("deal_id", "employee_id", "pool"),
        (
            ident("deal_id", "订单编号", "which deal", required=True),
            choice("pool", "奖金池", "which pool is split", "closing", "collaboration", required=True),
            employee("employee_id", "员工编号", "who gets the share", required=True),
            Column("share", Kind.RATE, "比例", "0.5 = 50 %", required=True, low=ZERO, high=Decimal(1)),
        ),
    ),
    Template(
        "transactions",
        "交易流水",
        "one row per movement of money of a deal",
        ("transaction_id",),
        (
            ident("transaction_id", "流水编号", "id of the transaction", required=True),
            ident("deal_id", "订单编号", "which deal", required=True),
            choice(
                "kind",
                "流水类型",
                "what happened",
                "invoice",
                "payment",
                "refund",
                "cancellation",
                required=True,
            ),
            money("amount", "金额", "refunds may carry either sign", required=True, signed=True),
            currency(required=True),
            moment("occurred_at", "发生时间", "when", required=True),
        ),
    ),
    Template(
        "fx_rates",
        "汇率",
        "one row per currency and day",
        ("currency", "date"),
        (
            currency(required=True),
            day("date", "日期", "day of the rate", required=True),
            Column(
                "rate_to_base",
                Kind.FX_RATE,
                "兑本位币汇率",
                "base currency for one unit",
                required=True,
                above_zero=True,
            ),
        ),
        is_setting=True,
    ),
    Template(
        "resolutions",
        "处理决定",
        "one row per decision on a held item",
        ("resolution_id",),
        (
            ident("resolution_id", "决定编号", "id of the decision", required=True),
            choice(
                "subject", "对象类型", "kind of item", "transfer", "payout_line", "dispute", required=True
            ),
            ident("subject_id", "对象编号", "id of the item", required=True),
            choice("decision", "决定", "outcome", "release", "reassign", "reject", "accept", required=True),
            employee("to_employee_id", "改归员工编号", "who gets it, when reassigned"),
            text("reason", "原因", "why", required=True),
            employee("decided_by", "决定人编号", "by whom", required=True),
            moment("decided_at", "决定时间", "when", required=True),
        ),
    ),
    Template(
        "adjustments",
        "调整",
        "one row per manual correction of a payout",
        ("adjustment_id",),
        (
            ident("adjustment_id", "调整编号", "id of the adjustment", required=True),
            employee("employee_id", "员工编号", "whose payout", required=True),
            Column("period", Kind.MONTH, "期间", "month of the payout, such as 2026-10", required=True),
            money("amount", "金额", "negative takes money back", required=True, signed=True),
            currency(required=True),
            text("reason", "原因", "why", required=True),
            employee("author", "申请人编号", "who asked for it", required=True),
            employee("approver", "批准人编号", "who approved it", required=True),
            ident("dispute_id", "争议编号", "the dispute it settles"),
        ),
        different=(("author", "approver"),),
    ),
    Template(
        "disputes",
        "争议",
        "one row per dispute of a payout line",
        ("dispute_id",),
        (
            ident("dispute_id", "争议编号", "id of the dispute", required=True),
            ident("line_id", "明细编号", "payout line that is disputed", required=True),
            employee("opened_by", "提出人编号", "who disputes it", required=True),
            text("reason", "原因", "why", required=True),
            moment("opened_at", "提出时间", "when", required=True),
        ),
    ),
)
