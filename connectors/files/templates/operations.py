"""Templates about marketing operations: campaigns, advertising, surveys, product work, materials.

Belongs here: template data only. Does not belong here: parsing, checks, landing.
"""

from __future__ import annotations

from connectors.common.contract import Column, Kind, Template
from connectors.files.templates._columns import (
    choice,
    currency,
    day,
    employee,
    flag,
    ident,
    moment,
    money,
    number,
    text,
)


def _count(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    return number(name, zh, about, kind=Kind.COUNT, required=required)


OPERATIONS: tuple[Template, ...] = (
    Template(
        "campaigns",
        "营销活动",
        "one row per campaign of a platform",
        ("platform", "campaign_id"),
        (
            text("platform", "平台", "advertising platform", required=True),
            ident("campaign_id", "活动编号", "id of the campaign there", required=True),
            text("name", "活动名称", "name"),
            employee("owner_employee_id", "负责人编号", "who runs it"),
            day("started_on", "开始日期", "first day"),
            day("ended_on", "结束日期", "last day", open_end=True),
        ),
        is_setting=True,
    ),
    Template(
        "ad_daily",
        "广告日报",
        "one row per campaign and day",
        ("platform", "campaign_id", "date"),
        (
            text("platform", "平台", "advertising platform", required=True),
            ident("campaign_id", "活动编号", "which campaign", required=True),
            day("date", "日期", "which day", required=True),
            _count("impressions", "展示量", "times shown"),
            _count("clicks", "点击量", "times clicked"),
            _count("conversions", "转化量", "times converted"),
            money("cost", "花费", "money spent"),
            currency(),
        ),
    ),
    Template(
        "brand_surveys",
        "品牌调研",
        "one row per survey",
        ("survey_id",),
        (
            ident("survey_id", "调研编号", "id of the survey", required=True),
            employee("owner_employee_id", "负责人编号", "who ran it"),
            day("surveyed_on", "调研日期", "when", required=True),
            _count("respondents", "受访人数", "how many answered", required=True),
            _count("aware", "知晓人数", "how many knew the brand", required=True),
        ),
    ),
    Template(
        "product_inputs",
        "产品建议",
        "one row per suggestion for a product",
        ("input_id",),
        (
            ident("input_id", "建议编号", "id of the suggestion", required=True),
            employee("employee_id", "员工编号", "who made it", required=True),
            moment("submitted_at", "提交时间", "when", required=True),
            moment("adopted_at", "采纳时间", "when it was adopted; empty = not adopted"),
        ),
    ),
    Template(
        "competitor_events",
        "竞品动态",
        "one row per event at a competitor",
        ("event_id",),
        (
            ident("event_id", "事件编号", "id of the event", required=True),
            employee("employee_id", "员工编号", "who had to report it", required=True),
            moment("discovered_at", "发现时间", "when it was discovered", required=True),
            moment("reported_at", "上报时间", "when it was reported; empty = not reported"),
            flag("has_features", "含功能", "the report covers the features"),
            flag("has_target_users", "含目标用户", "the report covers the target users"),
            flag("has_impact", "含影响", "the report covers the impact"),
            flag("has_advice", "含建议", "the report gives advice"),
        ),
    ),
    Template(
        "material_movements",
        "物料出入库",
        "one row per movement of stock",
        ("movement_id",),
        (
            ident("movement_id", "出入库编号", "id of the movement", required=True),
            ident("material_id", "物料编号", "which material", required=True),
            employee("owner_employee_id", "负责人编号", "who is responsible for the stock"),
            day("moved_on", "发生日期", "when", required=True),
            choice(
                "kind",
                "出入库类型",
                "what happened",
                "opening",
                "receipt",
                "issue",
                "expired",
                "damaged",
                required=True,
            ),
            number("quantity", "数量", "how many; negative reverses an entry", low=None),
            money("amount", "金额", "worth; negative reverses an entry", required=True, signed=True),
        ),
    ),
    Template(
        "material_requests",
        "物料申请",
        "one row per request for material",
        ("request_id",),
        (
            ident("request_id", "申请编号", "id of the request", required=True),
            ident("material_id", "物料编号", "which material", required=True),
            employee("handler_employee_id", "处理人编号", "who has to issue it", required=True),
            moment("requested_at", "申请时间", "when it was asked for", required=True),
            moment("issued_at", "发放时间", "when it was issued; empty = open"),
        ),
    ),
)
