"""Made-up facts of KPIs, training and the customer journey, for a company that has people and customers already.

Belongs here: rows of the import templates that rulebook 8, 9 and 12 read and pay does not. Does not belong
here: people, leads and deals (``people``, ``companies``), plans (``random_scorecards``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.reference.unread import WHEN
from tests.support.people import ALIASES
from tests.support.rng import NEAR, Rng

Row = dict[str, Any]
Rows = dict[str, list[Row]]
D = Decimal

COURSES = ["C1", "C2", "C3"]
OBSERVED = ["student_results", "attendance", "parent_feedback", "papers", "projects"]
#: computed KPIs whose values the company may also observe itself
OVERRULED = ["valid_visits", "archive_coverage", "material_loss_rate", "new_customers", "research_output"]
TARGETED = [
    *("sales_amount_attainment", "sales_amount", "sales_volume_attainment", "units", "new_customers"),
    *("archive_coverage", "material_loss_rate", "valid_visits", "product_inputs", "papers"),
]
STAGES = ["entered", "visited", "received", "intent_registered", "contract_archived", "settled"]
CAMPAIGNS = [("ads", "1"), ("ads", "2"), ("web", "1")]
#: the time of facts, by template
EARLIEST = WHEN | {"transactions": "occurred_at", "archive_checks": "checked_at"}
EARLIEST |= {"material_requests": "requested_at"}
#: seconds between two stages: the limits of the rulebook and their neighbours
WAITS = [0, 1, 4 * 3600 - 1, 4 * 3600, 4 * 3600 + 1, 72 * 3600, 14 * 86400, 15 * 86400 + 1, 40 * 86400]


class Facts:
    """Adds rows to those of a company.

    Args:
        rng: source of chance.
        year: the year of the story.
        rows: rows of the company by template; its lists are not changed.
        times: how many times the facts of a small company.
    """

    def __init__(self, rng: Rng, year: int, rows: Mapping[str, Sequence[Row]], times: int = 1) -> None:
        self.rng = rng
        self._times = times
        self.year = year
        self.rows: Rows = {name: [dict(row) for row in found] for name, found in rows.items()}
        self._known = [row["employee_id"] for row in self.rows["employees"]]

    def made(self) -> Rows:
        """All rows, the new ones among them."""
        for kind in (self._ads, self._surveys, self._conduct, self._stock, self._training, self._observed):
            if not self.rng.once_in(6):
                kind()
        self._archives()
        self._journeys()
        self._targets()
        if self.rng.once_in(2):
            self._earliest()
        return {name: self.rng.shuffled(found) for name, found in self.rows.items()}

    def _add(self, template: str, prefix: str, key: str, **values: Any) -> None:
        rows = self.rows[template]
        number = f"{prefix}{self.rng.one('', '', 'a', 'B')}{len(rows)}"
        rows.append({key: number, **values})

    def _some(self, most: int) -> int:
        return self.rng.upto(most * self._times)

    def _employee(self) -> str:
        return self.rng.of(ALIASES) if self.rng.once_in(10) else self.rng.of(self._known)

    def _day(self) -> date:
        """A day of the story; half of the time at the border of a month."""
        rng = self.rng
        return rng.around(rng.anchor(self.year - rng.one(0, 0, 0, 1)), NEAR)

    def _moment(self) -> datetime:
        return self.rng.moment(self._day())

    def _later(self, moment: datetime) -> datetime | None:
        """Perhaps a moment at a telling distance after another one."""
        rng = self.rng
        hours = rng.one(0, 1, 23, 24, 24, 25, 48, 24 * 31)
        step = timedelta(hours=hours, microseconds=rng.one(0, 0, 1, -1) if hours else 0)
        return rng.one(None, moment + step, moment + step)

    def _ads(self) -> None:
        rng = self.rng
        for platform, campaign in rng.several(CAMPAIGNS, 1):
            owner = rng.one(None, self._employee(), self._employee(), self._employee())
            row = {"platform": platform, "campaign_id": campaign, "owner_employee_id": owner}
            if not rng.once_in(5):
                self.rows["campaigns"].append(row)
            for day in sorted({self._day() for _ in range(self._some(8))}):
                shown = rng.one(None, 0, 3, 1000, 7)
                self.rows["ad_daily"].append(
                    {
                        "platform": platform,
                        "campaign_id": campaign,
                        "date": day,
                        "impressions": shown,
                        "clicks": rng.one(None, 0, 1, 2),
                        "conversions": rng.one(None, 0, 1),
                        "currency": rng.one(None, "CNY", "CNY", "USD"),
                        "cost": rng.one(None, D("0.00"), D("33.33"), D("100.00"), D("0.01")),
                    }
                )
        for lead in self.rows["leads"]:
            platform, campaign = rng.one((None, None), *CAMPAIGNS)
            lead |= {"platform": platform, "campaign_id": campaign}

    def _surveys(self) -> None:
        rng = self.rng
        for _ in range(self._some(8)):
            asked = rng.one(0, 1, 3, 10, 100)
            self._add(
                "brand_surveys",
                *("S", "survey_id"),
                owner_employee_id=rng.one(None, self._employee(), self._known[0], self._known[0]),
                surveyed_on=self._day(),
                respondents=asked,
                aware=rng.upto(asked),
            )

    def _conduct(self) -> None:
        rng = self.rng
        for _ in range(self._some(8)):
            moment = self._moment()
            row = {"employee_id": self._employee(), "submitted_at": moment, "adopted_at": self._later(moment)}
            self._add("product_inputs", "I", "input_id", **row)
        for _ in range(self._some(8)):
            moment = self._moment()
            parts = ("has_features", "has_target_users", "has_impact", "has_advice")
            said = {part: rng.one(True, True, True, True, True, False, None) for part in parts}
            row = {
                "employee_id": self._employee(),
                "discovered_at": moment,
                "reported_at": self._later(moment),
            }
            self._add("competitor_events", "K", "event_id", **row, **said)
        for _ in range(self._some(6)):
            day = self._day()
            row = {"employee_id": self._employee(), "kind": "x", "occurred_on": day}
            self._add(
                "policy_violations", "P", "violation_id", rectified_on=rng.one(None, rng.after(day)), **row
            )
        for _ in range(self._some(6)):
            moment = self._moment()
            row = {"employee_id": self._employee(), "opened_at": moment, "handled_at": self._later(moment)}
            self._add("complaints", "Q", "complaint_id", due_at=rng.one(None, self._later(moment)), **row)
        for _ in range(self._some(6)):
            row = {"employee_id": self._employee(), "rated_at": self._moment()}
            self._add(
                "service_ratings",
                "G",
                "rating_id",
                rating=rng.one(D("10"), D("9.5"), D("0"), D("6.67")),
                **row,
            )

    def _stock(self) -> None:
        rng = self.rng
        for _ in range(self._some(14)):
            self._add(
                "material_movements",
                *("M", "movement_id"),
                material_id=rng.one("m1", "m2"),
                owner_employee_id=rng.one(None, self._employee(), self._known[0], self._known[0]),
                moved_on=self._day(),
                kind=rng.one("opening", "receipt", "receipt", "issue", "issue", "expired", "damaged"),
                quantity=D("1"),
                amount=rng.one(D("100.00"), D("33.33"), D("0.01"), D("250.00")),
            )
        for _ in range(self._some(6)):
            moment = self._moment()
            row = {
                "handler_employee_id": self._employee(),
                "requested_at": moment,
                "issued_at": self._later(moment),
            }
            self._add("material_requests", "N", "request_id", material_id="m1", **row)

    def _training(self) -> None:
        """Courses, one of them known only by name, and attempts before, at and after borders."""
        rng = self.rng
        for course in COURSES[: rng.between(1, 3)]:
            self.rows["courses"].append({"course_id": course, "title": rng.one(None, f"Course {course}")})
        for employee in sorted({*self._known, self._employee()}):
            for course in rng.several(COURSES, 0, 3):
                for attempt in range(1, rng.between(1, 3) + 1):
                    self.rows["course_results"].append(
                        {
                            "employee_id": employee,
                            "course_id": course,
                            "attempt": attempt,
                            "completed_at": rng.one(None, self._moment(), self._moment(), self._moment()),
                            "exam_score": rng.one(None, D("95"), D("60.5"), D("100"), D("0")),
                            "passed": rng.one(None, True, True, False),
                        }
                    )

    def _observed(self) -> None:
        rng = self.rng
        year = str(self.year)
        periods = [
            year,
            f"{year}-Q1",
            f"{year}-Q2",
            *(f"{year}-{month:02d}" for month in (1, 2, 3, 4, 6, 12)),
        ]
        keys = {
            (self._employee(), kpi, period)
            for kpi in rng.several([*OBSERVED, *OVERRULED, "no_such_kpi"])
            for period in rng.several(periods, most=4)
        }
        for employee, kpi, period in sorted(keys):
            self.rows["kpi_observations"].append(
                {
                    "employee_id": employee,
                    "kpi_id": kpi,
                    "period": period,
                    "numerator": rng.one(D("0"), D("1"), D("0.875"), D("3"), D("-1"), D("86.333333")),
                    "denominator": rng.one(None, None, D("0"), D("1"), D("3"), D("100")),
                }
            )

    def _archives(self) -> None:
        """Filled and empty fields, updates, audits."""
        rng = self.rng
        for row in self.rows["customers"]:
            row["contact_name"] = rng.one(None, "Li", "Li", " ")
            row["preference"] = rng.one(None, "tea", "tea")
            row["email"] = rng.one(None, "c@d.cn", " ")
            row["phone"] = row["phone"] or (
                f"1380013{len(row['name']):02d}{rng.upto(99):02d}" if rng.once_in(2) else None
            )
            row["updated_at"] = rng.one(None, self._moment(), self._moment())
        for _ in range(self._some(10)):
            self._add(
                "archive_checks",
                *("X", "check_id"),
                customer_id=rng.one("C-unknown", *[row["customer_id"] for row in self.rows["customers"]]),
                field="phone",
                is_correct=rng.once_in(2),
                checked_at=self._moment(),
            )

    def _journeys(self) -> None:
        """Stages of some customers: in time, late, skipped, repeated, in the wrong order."""
        rng = self.rng
        deals: list[str | None] = [None, None, *(row["deal_id"] for row in self.rows["deals"][:4])]
        leads = [{"lead_id": row["lead_id"]} for row in self.rows["leads"]]
        customers = [{"customer_id": row["customer_id"]} for row in self.rows["customers"]]
        for _ in range(self._some(6)):
            who = rng.of([*leads[:6], *customers[:6], {"customer_id": "C-unknown"}])
            moment = self._moment()
            stages = rng.shuffled(STAGES) if rng.once_in(4) else STAGES
            for stage in stages[: rng.between(1, 6)]:
                if not rng.once_in(5):
                    more = {"deal_id": rng.of(deals), "employee_id": rng.one(None, self._employee())}
                    self._add(
                        "journey_events", "V", "event_id", stage=stage, occurred_at=moment, **who, **more
                    )
                moment += timedelta(seconds=rng.of(WAITS))

    def _earliest(self) -> None:
        """One fact years before all others."""
        rng = self.rng
        dated = {name: [row for row in self.rows[name] if row[column]] for name, column in EARLIEST.items()}
        name = rng.of([name for name, rows in dated.items() if rows] or ["leads"])
        for row in rng.several(dated[name], most=1):
            day, value = rng.anchor(self.year - 2), row[EARLIEST[name]]
            row[EARLIEST[name]] = rng.moment(day) if isinstance(value, datetime) else day

    def _targets(self) -> None:
        rng = self.rng
        year = str(self.year)
        periods = [year, f"{year}-Q1", f"{year}-Q2", *(f"{year}-{month:02d}" for month in range(1, 7))]
        known = {(row["employee_id"], row["kpi_id"], row["period"]) for row in self.rows["targets"]}
        keys = {
            (self._employee(), kpi, period)
            for kpi in rng.several(TARGETED, most=6)
            for period in rng.several(periods, most=4)
        }
        for employee, kpi, period in sorted(keys - known):
            target = rng.one(D("1000"), D("0"), D("5"), D("0.95"), D("333.333333"))
            self.rows["targets"].append(
                {"employee_id": employee, "kpi_id": kpi, "period": period, "target": target}
            )
