"""Assembles reports from the rows of a month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from serving.reports.data.model import Amount, EmployeeReport, GroupReport, Month, Payout, Person, Place
from serving.reports.reading import Facts

UNRESOLVED = "UNRESOLVED"
_COMPANY_BOARDS = ("score", "commission", "growth")


class Assembly:
    """Puts reports together; each employee's is made once and used again in the team's."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._places: dict[str, list[Place]] = defaultdict(list)
        self._boards: dict[tuple[str, str | None], list[Place]] = defaultdict(list)
        for place in facts.places:
            self._places[place.employee_id].append(place)
            self._boards[place.board, place.team_id].append(place)
        self._employees: dict[str, EmployeeReport] = {}

    @property
    def teams(self) -> tuple[str, ...]:
        """Teams with members in the month."""
        return tuple(sorted({person.team_id for person in self.facts.people.values() if person.team_id}))

    def employee(self, employee_id: str) -> EmployeeReport:
        """The report of an employee who is known in the month."""
        if employee_id not in self._employees:
            self._employees[employee_id] = self._make(self.facts.people[employee_id])
        return self._employees[employee_id]

    def _make(self, person: Person) -> EmployeeReport:
        facts, one = self.facts, person.employee_id
        payouts = facts.payouts.get(one, [])
        currency = self._currency([one])
        return EmployeeReport(
            person=person,
            manager=facts.people.get(person.manager_id or ""),
            cards=facts.cards.get(one, []),
            payouts=payouts,
            held=facts.held.get(one, []),
            components=facts.components.get(one, []),
            sources=facts.sources.get(one, []),
            trend=self._trend([one], currency),
            trend_currency=currency,
            results=facts.results.get(one, []),
            lines=facts.lines.get(one, []),
            suggestions=facts.suggestions.get(one, []),
            alerts=facts.alerts.get(one, []),
            lapsed=facts.lapsed.get(one, 0),
            places=self._places.get(one, []),
            true_ups=facts.true_ups.get(one, []),
        )

    def _currency(self, employees: Iterable[str]) -> str | None:
        """The currency of most payouts in the months of the trend; in a tie that of the larger amounts."""
        counts: Counter[str] = Counter()
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in employees:
            for _, _, currency, payable in self.facts.payables.get(one, []):
                counts[currency] += 1
                sums[currency] += abs(payable)
        return max(counts, key=lambda currency: (counts[currency], sums[currency], currency), default=None)

    def _trend(self, employees: Sequence[str], currency: str | None) -> tuple[Month, ...]:
        payables: dict[str, list[Decimal]] = defaultdict(list)
        scores: dict[str, list[Decimal]] = defaultdict(list)
        for one in employees:
            for _, period, of_currency, payable in self.facts.payables.get(one, []):
                if of_currency == currency:
                    payables[period].append(payable)
            for _, period, score in self.facts.scores.get(one, []):
                scores[period].append(score)
        return tuple(
            Month(
                month,
                _mean(scores.get(month, [])),
                sum(payables[month], Decimal(0)) if payables.get(month) else None,
            )
            for month in self.facts.months
        )

    def team(self, team_id: str) -> GroupReport:
        """The report of a team that is known in the month."""
        members = [person for person in self.facts.people.values() if person.team_id == team_id]
        boards = {board: self._boards.get((f"team_{board}", team_id), []) for board in _COMPANY_BOARDS}
        return self._group(team_id, members, boards)

    def company(self) -> GroupReport:
        """The report of everybody."""
        boards = {board: self._boards.get((board, None), []) for board in (*_COMPANY_BOARDS, "teams")}
        return self._group(None, list(self.facts.people.values()), boards)

    def _group(
        self, team_id: str | None, people: Sequence[Person], boards: dict[str, list[Place]]
    ) -> GroupReport:
        facts, is_company = self.facts, team_id is None
        ids = [person.employee_id for person in people]
        known, currency = set(ids), self._currency(ids)
        members = [self.employee(one) for one in ids]
        return GroupReport(
            team_id=team_id,
            leaders=self._leaders(people) if team_id else (),
            members=sorted(members, key=_by_money),
            teams=[self.team(one) for one in self.teams] if is_company else (),
            payouts=_sum_payouts(chain.from_iterable(one.payouts for one in members)),
            held=_sum_amounts(chain.from_iterable(one.held for one in members)),
            components=_sum_amounts(chain.from_iterable(one.components for one in members)),
            trend=self._trend(ids, currency),
            trend_currency=currency,
            boards=boards,
            transfers=[
                one
                for one in facts.transfers
                if is_company or {one.from_employee_id, one.to_employee_id} & known
            ],
            signals=[one for one in facts.signals if one.employee_id in known],
            growth=[one for one in facts.growth if is_company or one.team_id == team_id],
            alert_counts=dict(Counter(alert.kind for one in members for alert in one.alerts).most_common()),
            lapsed=sum(one.lapsed for one in members),
            unresolved=facts.payouts.get(UNRESOLVED, []) if is_company else (),
        )

    def _leaders(self, people: Sequence[Person]) -> tuple[Person, ...]:
        """Those whom most members report to; the members' managers in the team go before those outside it."""
        counts = Counter(person.manager_id for person in people if person.manager_id)
        most = max(counts.values(), default=0)
        ids = sorted(one for one, count in counts.items() if count == most)
        return tuple(self.facts.people[one] for one in ids if one in self.facts.people)


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def _by_money(report: EmployeeReport) -> tuple[Decimal, str]:
    return (-report.payout.payable if report.payout else Decimal(0), report.person.employee_id)


def _sum_payouts(payouts: Iterable[Payout]) -> tuple[Payout, ...]:
    sums: dict[str, Payout] = {}
    for one in payouts:
        old = sums.get(one.currency)
        sums[one.currency] = one if old is None else Payout(
            "", one.currency, old.gross + one.gross, old.held + one.held, old.adjustments + one.adjustments,
            old.true_ups + one.true_ups, old.carried_in + one.carried_in, old.payable + one.payable,
            old.carried_out + one.carried_out,
        )  # fmt: skip
    return tuple(sorted(sums.values(), key=lambda one: (-abs(one.gross), one.currency)))


def _sum_amounts(amounts: Iterable[Amount]) -> tuple[Amount, ...]:
    sums: dict[tuple[str, str], Amount] = {}
    for one in amounts:
        key = (one.key, one.currency)
        old = sums.get(key)
        money, lines = (old.amount, old.lines) if old else (Decimal(0), 0)
        sums[key] = Amount("", one.key, one.currency, money + one.amount, lines + one.lines)
    return tuple(sorted(sums.values(), key=lambda one: (-one.amount, one.key, one.currency)))
