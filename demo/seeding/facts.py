"""What is known about the seeded facts: the answers a correct pipeline must find.

Every fact lives on customers of its own (ids `CP…`, leads `LP…`, deals `DP…`), so that nothing else in the data
changes its outcome. Belongs here: the shape of the answers. Does not belong here: seeding (seeding_*).

Fields, by rule:
    lead_reasons: seeded lead → first failing reason ("" = valid), duplicates and their 90-day boundary included.
    duplicate_leads: the leads whose reason is `duplicate`.
    deal_sources: seeded deal → source; `claimed_sources` is what the sales system claimed.
    relabelled_deals: deals that claim self-sourced although a valid lead exists; all of the company's are listed.
    internal_circulation_deals: self-sourced deals of customers owned by others or known to marketing; all of them.
    attribution_owners: three-touch deal → owners of its touches in order.
    joint_deals, referral_awards: deal → who shares the collaboration award.
    transfers: hand-overs with everything the rules derive from them.
    refunds: written amount and the amount that counts (clamped at what is left of the deal).
    cancelled_deals: deal → whether it is credited (only with a cancellation transaction).
    violations, missing_courses, failed_exams: by employee.
    unresolved, resolved: employee ids that nobody has, and ids known only by e-mail or crosswalk.
    quarantine: rows that must be rejected, with file and line; `exact_duplicates`: rows counted once.
    bad_splits: deals whose closing shares do not add up. `fraction_splits`: they do, to the last place.
    merged_customers: records of one customer; `namesakes`: natural persons of one name, not to be merged.
    journey: stages late, skipped or out of order. business_periods: deals signed near midnight → period.
    base_amounts: foreign deals → amount in CNY; no_rate_deals: no rate exists on or before the signing.
    cards_without_total: employee → the one month in which a scorecard has no total (`no_scored_kpi`).
    left_owners: deal → its originator, who has left. archive_faults: customer → malformed field.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class TransferFact:
    """One seeded change of ownership with a giver, and the deal that followed (None: none inside the window)."""

    change_id: str
    name: str
    deal_id: str | None
    from_employee_id: str
    to_employee_id: str
    pre_days: int
    pre_activities: int
    pre_minutes: int
    post_activities: int
    post_minutes: int
    days_to_sign: int | None
    is_near_certain: bool
    is_abnormal: bool
    has_reason: bool
    counted_share: str | None
    decision: str
    is_held: bool


@dataclass(frozen=True)
class RefundFact:
    """One seeded refund or cancellation; `counted_amount` is what it takes back."""

    deal_id: str
    transaction_id: str
    name: str
    deal_amount: str
    written_amount: str
    counted_amount: str
    period: str


@dataclass(frozen=True)
class ViolationFact:
    """One seeded violation."""

    violation_id: str
    employee_id: str
    period: str
    is_rectified: bool


@dataclass(frozen=True)
class EmployeeIdFact:
    """An employee id as written in a row, and who it is (UNRESOLVED: nobody)."""

    file: str
    record_id: str
    column: str
    written: str
    employee_id: str


@dataclass(frozen=True)
class QuarantineFact:
    """A row that must be rejected, with the reason the import gives (connectors.files)."""

    file: str
    line: int
    record_id: str
    field: str
    reason: str


@dataclass(frozen=True)
class JourneyFact:
    """A seeded irregularity of the customer journey; the responsible employee is the owner at that moment."""

    customer_id: str
    lead_id: str
    deal_id: str
    stage: str
    kind: str
    responsible_employee_id: str


@dataclass
class SeededFacts:
    """All answers; see the module's description for the fields."""

    seed: int
    first_month: str
    months: int
    anchor_period: str
    lead_reasons: dict[str, str] = field(default_factory=dict)
    duplicate_leads: list[str] = field(default_factory=list)
    deal_sources: dict[str, str] = field(default_factory=dict)
    claimed_sources: dict[str, str] = field(default_factory=dict)
    relabelled_deals: list[str] = field(default_factory=list)
    internal_circulation_deals: list[str] = field(default_factory=list)
    attribution_owners: dict[str, list[str]] = field(default_factory=dict)
    joint_deals: dict[str, list[str]] = field(default_factory=dict)
    referral_awards: dict[str, list[str]] = field(default_factory=dict)
    transfers: list[TransferFact] = field(default_factory=list)
    refunds: list[RefundFact] = field(default_factory=list)
    cancelled_deals: dict[str, bool] = field(default_factory=dict)
    violations: list[ViolationFact] = field(default_factory=list)
    missing_courses: dict[str, str] = field(default_factory=dict)
    failed_exams: dict[str, str] = field(default_factory=dict)
    unresolved: list[EmployeeIdFact] = field(default_factory=list)
    resolved: list[EmployeeIdFact] = field(default_factory=list)
    quarantine: list[QuarantineFact] = field(default_factory=list)
    exact_duplicates: dict[str, int] = field(default_factory=dict)
    bad_splits: list[str] = field(default_factory=list)
    fraction_splits: list[str] = field(default_factory=list)
    merged_customers: list[list[str]] = field(default_factory=list)
    namesakes: list[list[str]] = field(default_factory=list)
    journey: list[JourneyFact] = field(default_factory=list)
    business_periods: dict[str, str] = field(default_factory=dict)
    base_amounts: dict[str, str] = field(default_factory=dict)
    no_rate_deals: list[str] = field(default_factory=list)
    left_owners: dict[str, str] = field(default_factory=dict)
    archive_faults: dict[str, str] = field(default_factory=dict)
    cards_without_total: dict[str, str] = field(default_factory=dict)
    mid_month_moves: dict[str, str] = field(default_factory=dict)
    first_assignments: list[str] = field(default_factory=list)

    @property
    def bypassed_leads(self) -> list[str]:
        """The deals that bypass a valid lead; another word for the relabelled ones."""
        return self.relabelled_deals

    @property
    def expected_quarantine(self) -> int:
        """How many rows of the delivery must end in quarantine."""
        return len(self.quarantine)

    def as_json(self) -> str:
        """All answers as JSON text, for a file beside (never inside) the delivery folder."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
