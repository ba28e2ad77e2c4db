"""Writes a small later delivery: late deals, refunds and corrections of what the company delivered before.

Belongs here: rows that arrive after the first delivery. Does not belong here: the first delivery (company).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from demo.company import build_company
from demo.seeding.facts import RefundFact, SeededFacts
from demo.seeding.quality import GHOST_EMAIL, GHOST_ID
from demo.world.clock import OPENING
from demo.world.state import World, money
from demo.world.tables import Tables

Row = dict[str, str]
CORRECTED_ARCHIVES = 12


@dataclass
class LateFacts:
    """What the later delivery holds; nothing in it must be rejected.

    Attributes:
        late_deals: new deal → the (earlier) period it was signed in.
        corrected_amounts: deal → amount before and after the correction.
        refunds: refunds of deals of the anchor month, posted in the last month.
        corrected_customers: customers with a new phone or preference.
        repeated_customers: customers delivered again without any change.
        repaired_splits: deals whose closing shares now add up.
        reasons_given: transfers that now have a reason.
        rejected_leads: leads that were valid until their review.
        resolved_ids: employee ids nobody had → who they are now.
    """

    late_deals: dict[str, str] = field(default_factory=dict)
    corrected_amounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    refunds: list[RefundFact] = field(default_factory=list)
    corrected_customers: list[str] = field(default_factory=list)
    repeated_customers: list[str] = field(default_factory=list)
    repaired_splits: list[str] = field(default_factory=list)
    reasons_given: list[str] = field(default_factory=list)
    rejected_leads: list[str] = field(default_factory=list)
    resolved_ids: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """All facts as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def write_late_delivery(
    directory: Path, seed: int = 7, *, months: int = 24, first_month: str = "2024-11", employees: int = 60
) -> LateFacts:
    """Write the later delivery of the company with the same arguments (see `write_company`).

    Only templates with rows are written; each upserts by its key.

    Returns:
        What the delivery changes.
    """
    world, seeded = build_company(seed, months=months, first_month=first_month, employees=employees)
    late, facts = Tables(), LateFacts()
    _late_deals(world, late, facts)
    _corrected_deals(world, late, facts)
    _late_refunds(world, late, facts)
    _archives(world, late, facts)
    _repairs(world, seeded, late, facts)
    late.write(directory, skip_empty=True)
    return facts


def _find(world: World, table: str, wanted: Callable[[Row], bool]) -> list[Row]:
    return [row for row in world.tables.records(table) if wanted(row)]


def _ordinary_deals(world: World) -> list[Row]:
    """Deals of the anchor month that are not seeded, in CNY, signed, without refund."""
    refunded = {row["deal_id"] for row in world.tables.records("transactions") if row["kind"] == "refund"}
    period = world.calendar.period(world.calendar.anchor_index)
    return _find(
        world,
        "deals",
        lambda row: (
            row["signed_at"].startswith(period)
            and row["status"] == "signed"
            and row["currency"] == "CNY"
            and not row["deal_id"].startswith("DP")
            and row["deal_id"] not in refunded
        ),
    )


def _late_deals(world: World, late: Tables, facts: LateFacts) -> None:
    """Three self-sourced deals of the anchor month, of customers nobody had recorded."""
    for number in range(1, 4):
        signed = datetime.combine(world.calendar.anchor, OPENING).replace(day=10 + number)
        seller = world.staff.groups["sales"][number].employee_id
        customer_id, deal_id = f"CL{number:04d}", f"DL{number:04d}"
        contact = world.vocabulary.person().shown
        late.add(
            "customers", customer_id=customer_id, name=world.vocabulary.company("clinic"),
            customer_type="clinic", phone=world.vocabulary.phone(), contact_name=contact,
            preference="微信联系", owner_employee_id=seller, created_at=signed.replace(day=2),
            updated_at=signed,
        )  # fmt: skip
        late.add(
            "deals", deal_id=deal_id, customer_id=customer_id, owner_employee_id=seller,
            amount=money(2_000_000 * number), currency="CNY", units=number, signed_at=signed,
            status="signed", claimed_source="self_sourced", product="consumables", deal_kind="new",
        )  # fmt: skip
        facts.late_deals[deal_id] = f"{signed:%Y-%m}"


def _corrected_deals(world: World, late: Tables, facts: LateFacts) -> None:
    """Two deals of the anchor month were a tenth larger, one was half as large."""
    for row, percent in zip(_ordinary_deals(world)[:3], (110, 110, 50), strict=True):
        before = row["amount"]
        row["amount"] = money(int(before.replace(".", "")) * percent // 100)
        late.add("deals", **row)
        facts.corrected_amounts[row["deal_id"]] = (before, row["amount"])


def _late_refunds(world: World, late: Tables, facts: LateFacts) -> None:
    """A full and a partial refund in the last month, of deals of the anchor month."""
    moment = datetime.combine(world.calendar.start(world.calendar.months - 1), OPENING).replace(day=8)
    for number, (row, percent) in enumerate(
        zip(_ordinary_deals(world)[3:5], (100, 40), strict=True), start=1
    ):
        back = money(int(row["amount"].replace(".", "")) * percent // 100)
        transaction_id = f"TL{number:05d}"
        late.add(
            "transactions", transaction_id=transaction_id, deal_id=row["deal_id"], kind="refund",
            amount=back, currency="CNY", occurred_at=moment,
        )  # fmt: skip
        facts.refunds.append(
            RefundFact(row["deal_id"], transaction_id, "late", row["amount"], back, back, f"{moment:%Y-%m}")
        )


def _archives(world: World, late: Tables, facts: LateFacts) -> None:
    """Some archives are completed in the last days; one record is delivered again as it was."""
    rows = world.tables.records("customers")
    gaps = [row for row in rows if row["customer_id"].startswith("C0") and not row["preference"]]
    updated = datetime.combine(world.calendar.last, OPENING)
    for row in gaps[:CORRECTED_ARCHIVES]:
        row["preference"] = "客户要求邮件联系"
        late.add("customers", **(row | {"updated_at": f"{updated.isoformat()}+08:00"}))
        facts.corrected_customers.append(row["customer_id"])
    late.add("customers", **rows[0])
    facts.repeated_customers.append(rows[0]["customer_id"])


def _repairs(world: World, seeded: SeededFacts, late: Tables, facts: LateFacts) -> None:
    """What blocked or held pay is put right: shares, a reason, unknown employee ids; and one lead is rejected."""
    bad = seeded.bad_splits[0]
    second = _find(world, "deal_splits", lambda row: row["deal_id"] == bad)[-1]
    late.add("deal_splits", **(second | {"share": "0.4"}))
    facts.repaired_splits.append(bad)
    silent = next(fact.change_id for fact in seeded.transfers if not fact.has_reason)
    change = _find(world, "ownership_changes", lambda row: row["change_id"] == silent)[0]
    late.add("ownership_changes", **(change | {"reason": "补录：客户要求更换顾问"}))
    facts.reasons_given.append(silent)
    for written, person in (
        (GHOST_ID, world.staff.field_marketers[2]),
        (GHOST_EMAIL, world.staff.groups["sales_assistant"][1]),
    ):
        late.add("source_users", source="files", source_user_id=written, employee_id=person.employee_id)
        facts.resolved_ids[written] = person.employee_id
    lead = _find(world, "leads", lambda row: row["wecom_id"] == "wx_seeded_ok")[0]
    reviewed = f"{world.calendar.last.isoformat()}T09:00:00+08:00"
    review = {"review_status": "rejected", "review_reason": "duplicate contact", "reviewed_at": reviewed}
    late.add("leads", **(lead | review))
    facts.rejected_leads.append(lead["lead_id"])
