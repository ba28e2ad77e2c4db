"""Templates about employees: who they are, what is expected of them, training and conduct.

Belongs here: template data only. Does not belong here: parsing, checks, landing.
"""

from __future__ import annotations

from connectors.common.contract import Kind, Template
from connectors.files.templates._columns import (
    currency,
    day,
    employee,
    flag,
    ident,
    known_as,
    moment,
    money,
    number,
    period,
    text,
)

PEOPLE: tuple[Template, ...] = (
    Template(
        "employees",
        "员工",
        "one row per employee",
        ("employee_id",),
        (
            employee("employee_id", "员工编号", "the company's own id of the person", required=True),
            known_as("name", "姓名", "full name", required=True),
            text("email", "邮箱", "work e-mail; fallback to recognise the person in other files"),
            text("department", "部门", "marketing, sales, sales_assistant, or any other", required=True),
            text("position", "岗位", "job title"),
            ident("team_id", "团队编号", "team the person belongs to"),
            employee("manager_id", "主管编号", "the person's manager"),
            day("hire_date", "入职日期", "first day employed", required=True),
            day("termination_date", "离职日期", "last day employed; empty while employed", open_end=True),
            money("bonus_base", "奖金基数", "monthly amount that scorecard percentages apply to"),
            currency(),
        ),
        ordered=(("hire_date", "termination_date"),),
        is_setting=True,
    ),
    Template(
        "employee_assignments",
        "员工任职记录",
        "one row per employee and start of an assignment (optional history)",
        ("employee_id", "valid_from"),
        (
            employee("employee_id", "员工编号", "the person", required=True),
            text("department", "部门", "department during this assignment", required=True),
            text("position", "岗位", "job title"),
            ident("team_id", "团队编号", "team"),
            employee("manager_id", "主管编号", "manager"),
            money("bonus_base", "奖金基数", "monthly bonus base"),
            day("valid_from", "生效日期", "first day of the assignment", required=True),
            day("valid_to", "失效日期", "first day no longer in force; empty = open", open_end=True),
        ),
        ordered=(("valid_from", "valid_to"),),
        is_setting=True,
    ),
    Template(
        "source_users",
        "系统账号对照",
        "one row per user account of a source system",
        ("source", "source_user_id"),
        (
            text("source", "来源系统", "name of the system; files = ids used in these files", required=True),
            ident("source_user_id", "系统账号", "the account's id in that system", required=True),
            employee("employee_id", "员工编号", "whose account it is", required=True),
        ),
        is_setting=True,
    ),
    Template(
        "principals",
        "数据库账号",
        "one row per login of the serving database",
        ("login",),
        (
            text(
                "login", "登录名", "name of the login: lower-case letters, digits and _ . @ -", required=True
            ),
            text("role", "角色", "role of access.yml, such as hr, manager, employee", required=True),
            employee("employee_id", "员工编号", "whose rows `own` and `team` are; empty for other roles"),
            day("valid_from", "生效日期", "first day the login sees anything", required=True),
            day("valid_to", "失效日期", "last day; empty = until the person's last day", open_end=True),
        ),
        ordered=(("valid_from", "valid_to"),),
        is_setting=True,
    ),
    Template(
        "targets",
        "目标",
        "one row per employee, KPI and period",
        ("employee_id", "kpi_id", "period"),
        (
            employee("employee_id", "员工编号", "whose target", required=True),
            ident("kpi_id", "指标编号", "which KPI or quota", required=True),
            period(),
            number("target", "目标值", "the value to reach", required=True),
        ),
        is_setting=True,
    ),
    Template(
        "kpi_observations",
        "指标观测值",
        "one row per employee, KPI and period, for KPIs that no system holds",
        ("employee_id", "kpi_id", "period"),
        (
            employee("employee_id", "员工编号", "whose value", required=True),
            ident("kpi_id", "指标编号", "which KPI", required=True),
            period(),
            number("numerator", "分子", "the value, or the numerator of a ratio", required=True, low=None),
            number("denominator", "分母", "the denominator; empty when the KPI is no ratio", low=None),
        ),
    ),
    Template(
        "policy_violations",
        "违规记录",
        "one row per violation",
        ("violation_id",),
        (
            ident("violation_id", "违规编号", "id of the record", required=True),
            employee("employee_id", "员工编号", "who violated", required=True),
            text("kind", "违规类型", "what kind of violation", required=True),
            day("occurred_on", "发生日期", "day of the violation", required=True),
            day("rectified_on", "整改日期", "day it was put right; empty = not yet"),
        ),
    ),
    Template(
        "courses",
        "课程",
        "one row per training course",
        ("course_id",),
        (
            ident("course_id", "课程编号", "id of the course", required=True),
            text("title", "课程名称", "title"),
            number("hours", "课时", "hours of the full course", kind=Kind.DURATION),
        ),
        is_setting=True,
    ),
    Template(
        "course_results",
        "培训成绩",
        "one row per employee, course and attempt",
        ("employee_id", "course_id", "attempt"),
        (
            employee("employee_id", "员工编号", "who took the course", required=True),
            ident("course_id", "课程编号", "which course", required=True),
            number("attempt", "考试次数", "1 for the first; empty = 1", kind=Kind.COUNT, low=1, default="1"),
            moment("completed_at", "完成时间", "when the course was completed"),
            number("hours", "学习时长", "hours attended", kind=Kind.DURATION),
            number("exam_score", "考试成绩", "0 to 100", kind=Kind.SCORE, high=100),
            flag("passed", "是否通过", "whether the exam was passed"),
        ),
    ),
)
