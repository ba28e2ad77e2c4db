"""Renders reports as pages: what the templates call."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from connectors.common.visible import visible_value
from serving.reports.assembly import Assembly
from serving.reports.data.frame import Frame
from serving.reports.data.model import (
    Amount,
    Card,
    EmployeeReport,
    GroupReport,
    Item,
    Kpi,
    Line,
    Place,
    Suggestion,
)
from serving.reports.drawing.charts import Bar, amounts_chart, attainment_chart, months_chart
from serving.reports.formats import NOTHING, Formats
from serving.reports.texts import Texts

TEMPLATES = Path(__file__).parent / "templates"
_LIMIT = 12
_BROAD, _NARROW = 720.0, 350.0


class Pages:
    """File names of the pages; ids that are no file names are made ones, each its own."""

    def __init__(self, suffix: str = "html") -> None:
        self._suffix = suffix

    @property
    def company(self) -> str:
        """The page of everybody."""
        return f"index.{self._suffix}"

    def employee(self, employee_id: str) -> str:
        """The page of an employee."""
        return f"employee_{_safe(employee_id)}.{self._suffix}"

    def team(self, team_id: str) -> str:
        """The page of a team."""
        return f"team_{_safe(team_id)}.{self._suffix}"


def _safe(name: str) -> str:
    plain = re.sub(r"[^\w-]", "_", name)[:80]
    return plain if plain == name else f"{plain}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


@dataclass(frozen=True, slots=True)
class Switches:
    """Links from a page to the same page in other languages and of other months, newest last.

    Attributes:
        languages: Language and address; no address for that of the page.
        months: Month and address; no address for that of the page.
    """

    languages: Sequence[tuple[str, str | None]] = ()
    months: Sequence[tuple[str, str | None]] = ()


class Renderer:
    """Makes pages of one language; reads templates once."""

    def __init__(self, assembly: Assembly, language: str, timezone: str, *, is_linked: bool = True) -> None:
        self._assembly, self._is_linked = assembly, is_linked
        self.texts, self.formats = Texts(language), Formats(language, timezone)
        self._charts = Charts(assembly, self.texts, self.formats)

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        script = (TEMPLATES / "tables.js").read_text(encoding="utf-8")
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=visible_value,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals |= {
            "t": self.texts,
            "f": self.formats,
            "chart": self._charts,
            "frame": self._assembly.facts.frame,
            "style": Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),
            "script": Markup(script),
            "script_hash": b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            "page": Pages(),
            "limit": _LIMIT,
        }
        return environment

    def employee(self, employee_id: str, switches: Switches) -> str:
        """The page of an employee."""
        report = self._assembly.employee(employee_id)
        team = report.person.team_id if self._is_linked else None
        page = Pages().team(team) if team else None
        return self._render("employee.html.j2", report, team_page=page, switches=switches)

    def team(self, team_id: str, switches: Switches) -> str:
        """The page of a team."""
        page, report = Pages().company if self._is_linked else None, self._assembly.team(team_id)
        return self._render("group.html.j2", report, company_page=page, switches=switches)

    def company(self, switches: Switches) -> str:
        """The page of everybody."""
        report = self._assembly.company()
        return self._render("group.html.j2", report, company_page=None, switches=switches)

    def _render(self, template: str, report: EmployeeReport | GroupReport, **values: Any) -> str:
        text: str = self._environment.get_template(template).render(report=report, **values)
        return text


class Charts:
    """Charts and names with the words of one language."""

    def __init__(self, assembly: Assembly, texts: Texts, formats: Formats) -> None:
        self._assembly, self._t, self._f = assembly, texts, formats

    @property
    def _frame(self) -> Frame:
        return self._assembly.facts.frame

    def attainment(self, card: Card) -> Markup:
        """Attainment of each KPI of a card that has data."""
        drawn = [item for item in card.items if item.status != "no_data"]
        left_out = len(card.items) - len(drawn)
        words = [] if drawn else [self._t("attainment.none")]
        words += [self._t("attainment.left_out", count=left_out)] if left_out else []
        note = Markup('<p class="note">{}</p>').format(" ".join(words)) if words else Markup("")
        bars = [self._bar(item) for item in drawn]
        title = self._t("attainment.chart")
        at_target = f"{self._t('target')} 100%"
        draw = lambda width: attainment_chart(bars, at_target, title, width)  # noqa: E731
        return (_broad_and_narrow(draw) if bars else Markup("")) + note

    def card_facts(self, card: Card) -> str:
        """Scores and circumstances of a card in one line."""
        t, f = self._t, self._f
        total = f.score(card.total_score) + (f" ({card.grade})" if card.grade else "")
        facts = [
            f"{t.name('group', 'business')} {f.score(card.business_score)}",
            f"{t.name('group', 'management')} {f.score(card.management_score)}",
            f"{t('score')} {total}",
            f"{t('violations')} {card.violations}",
        ]
        if card.service_bonus:
            facts.append(f"{t('service_bonus')} {f.number(card.service_bonus)}")
        if card.annual_award_eligible is not None:
            facts.append(f"{t('award')} {t('award.yes' if card.annual_award_eligible else 'award.no')}")
        if card.days_in_role != card.days_in_period:
            facts.append(t("days_in_role", days=card.days_in_role, all=card.days_in_period))
        return " · ".join(facts)

    def _bar(self, item: Item) -> Bar:
        name = self.kpi(item.kpi_id).name(self._t.language)
        if item.status != "scored" or item.attainment is None:
            word = self._t(f"item_status.{item.status}") if item.status != "scored" else NOTHING
            reason = self._t.names("reason", item.reason) if item.reason != item.status else ""
            return Bar(name, None, note=f"{word} · {reason}" if reason else word)
        kind = "good" if item.is_reached else "plain"
        return Bar(name, item.attainment, self._f.percent(item.attainment, 0), kind)

    def amounts(self, amounts: Sequence[Amount], family: str) -> Markup:
        """Amounts of one currency, named from a family of the catalogue."""
        bars = [
            Bar(self._t.name(family, one.key), one.amount, self._f.money(one.amount, one.currency))
            for one in amounts
        ]
        return _broad_and_narrow(lambda width: amounts_chart(bars, self._t("origin"), width))

    def members(self, report: GroupReport) -> Markup:
        """Payable of each member, in the currency of the trend."""
        paid = [(one.person.name, one.payout) for one in report.members]
        bars = [Bar(name, one.payable, self._f.money(one.payable, one.currency)) for name, one in paid if one]
        return _broad_and_narrow(lambda width: amounts_chart(bars, self._t("payout.members"), width))

    def payable_trend(self, report: EmployeeReport | GroupReport) -> Markup:
        """Payable a month."""
        months, values = [one.period for one in report.trend], [one.payable for one in report.trend]
        title = self._t("trend.payable", currency=report.trend_currency)
        return months_chart(months, values, self._f.compact, title)

    def score_trend(self, report: EmployeeReport | GroupReport) -> Markup:
        """Total score a month."""
        months, values = [one.period for one in report.trend], [one.score for one in report.trend]
        return months_chart(
            months, values, lambda value: self._f.number(value, 1), self._t("trend.score"), is_line=True
        )

    def has_scores(self, report: EmployeeReport | GroupReport) -> bool:
        """Whether there was a score in any month of the trend."""
        return any(one.score is not None for one in report.trend)

    def kpi(self, kpi_id: str) -> Kpi:
        """The KPI of the catalogue; without one its id, made readable."""
        known = self._frame.kpis.get(kpi_id)
        if known:
            return known
        name = kpi_id.replace("_", " ").capitalize()
        return Kpi(kpi_id, name, name, "count", "higher")

    def plan_name(self, plan_id: str) -> str:
        """The title of a plan."""
        titles = self._frame.plans.get(plan_id)
        return titles[0 if self._t.language == "zh" else 1] if titles else plan_id

    def course(self, course_id: str | None) -> str:
        """The title of a course."""
        return self._frame.courses.get(course_id, course_id) if course_id else ""

    def gap(self, suggestion: Suggestion) -> str:
        """What is missing, in the unit of the KPI or in money."""
        if suggestion.gap is None:
            return ""
        if suggestion.kpi_id:
            return self._f.figure(suggestion.gap, self.kpi(suggestion.kpi_id).unit)
        if suggestion.kind == "next_tier":
            return self._f.money(suggestion.gap, suggestion.currency)
        return self._f.number(suggestion.gap)

    def rate(self, line: Line) -> str:
        """The rate of a line; of points it is the money for one."""
        if line.rate is None:
            return ""
        return self._f.number(line.rate) if line.component == "points" else self._f.percent(line.rate, 4)

    def main_reason(self, report: EmployeeReport | GroupReport) -> str:
        """Why most of what is held is held, in the currency of the tile."""
        reasons = [one.key for one in report.held if one.currency == report.trend_currency]
        return self._t.names("reason", reasons[0]) if reasons else ""

    def place(self, report: EmployeeReport, board: str) -> Place | None:
        """The place of an employee on a board of the company."""
        return next((one for one in report.places if one.board == board), None)

    def person_name(self, employee_id: str) -> str:
        """The name of an employee, or of a team on the board of teams."""
        person = self._assembly.facts.people.get(employee_id)
        return person.name if person else employee_id.removeprefix("team:")

    def board_value(self, place: Place, currency: str | None) -> str:
        """The value of a place in the unit of its board."""
        board = place.board.removeprefix("team_")
        if board == "score":
            return self._f.score(place.value)
        return (
            self._f.percent(place.value)
            if board == "growth"
            else self._f.money(Decimal(place.value), currency)
        )


def _broad_and_narrow(draw: Callable[[float], Markup]) -> Markup:
    """A drawing for a page and one for a phone, whose letters stay legible; the style sheet shows one of them."""
    return Markup('<div class="broad">{}</div><div class="narrow">{}</div>').format(
        draw(_BROAD), draw(_NARROW)
    )
