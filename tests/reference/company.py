"""Input of the reference: the rows of one company and its plans.

Belongs here: the dataclass and reading it from a folder of CSV and YAML files. Does not belong
here: anything computed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import Node

from tests.reference.plan_defaults import fill_plan
from tests.reference.templates import TEMPLATES, Row, read_csv, timestamp


@dataclass
class Company:
    """All rows by template, as the company delivered them (latest version by key), and its plans.

    Rows are dicts with the template's column names; decimals are `Decimal`, dates `date`, timestamps
    naive UTC `datetime`, empty cells None or absent. Employee ids may still be those of a source
    system. Plans are nested dicts in the structure of the plan file (`plan_defaults.fill_plan`).
    `quarantined` are the rows that could not be taken and that no later delivery brought well, by template;
    what of them cannot be read is None.
    """

    as_of: datetime
    plans: list[Row] = field(default_factory=list)
    timezone: str = "Asia/Shanghai"
    employees: list[Row] = field(default_factory=list)
    employee_assignments: list[Row] = field(default_factory=list)
    source_users: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    archive_checks: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    journey_events: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    ownership_changes: list[Row] = field(default_factory=list)
    deals: list[Row] = field(default_factory=list)
    deal_splits: list[Row] = field(default_factory=list)
    transactions: list[Row] = field(default_factory=list)
    targets: list[Row] = field(default_factory=list)
    campaigns: list[Row] = field(default_factory=list)
    ad_daily: list[Row] = field(default_factory=list)
    brand_surveys: list[Row] = field(default_factory=list)
    product_inputs: list[Row] = field(default_factory=list)
    competitor_events: list[Row] = field(default_factory=list)
    policy_violations: list[Row] = field(default_factory=list)
    material_movements: list[Row] = field(default_factory=list)
    material_requests: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    service_ratings: list[Row] = field(default_factory=list)
    courses: list[Row] = field(default_factory=list)
    course_results: list[Row] = field(default_factory=list)
    kpi_observations: list[Row] = field(default_factory=list)
    fx_rates: list[Row] = field(default_factory=list)
    resolutions: list[Row] = field(default_factory=list)
    adjustments: list[Row] = field(default_factory=list)
    principals: list[Row] = field(default_factory=list)
    disputes: list[Row] = field(default_factory=list)
    quarantined: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, template: str) -> list[Row]:
        """Rows of a template by its name."""
        found: list[Row] = getattr(self, template)
        return found

    @classmethod
    def from_folder(cls, folder: Path, plans: Path, as_of: str, zone: str = "Asia/Shanghai") -> Company:
        """Read a delivery folder and a folder of plans.

        Args:
            folder: holds ``<template>.csv`` files, any subset.
            plans: holds ``*.yaml`` plan files.
            as_of: moment of the calculation, ISO 8601; without offset in the business time zone; a bare date is
                the end of that day (reading 42).
            zone: business time zone.
        """
        place = ZoneInfo(zone)
        moment = f"{as_of}T23:59:59.999999" if len(as_of) == len("2026-10-31") else as_of
        company = cls(as_of=timestamp(moment, place), plans=load_plans(plans), timezone=zone)
        for template in TEMPLATES:
            setattr(company, template, read_csv(folder / f"{template}.csv", place))
        return company


class _ExactConstructor(SafeConstructor):
    """YAML with decimals read from their text, never as floats."""


def _decimal(constructor: SafeConstructor, node: Node) -> Decimal:
    return Decimal(str(constructor.construct_scalar(node)))


_ExactConstructor.add_constructor("tag:yaml.org,2002:float", _decimal)


def load_plans(folder: Path) -> list[Row]:
    """The plans of a folder with their defaults; the hash is that of the text unless the file names one."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _ExactConstructor
    plans = []
    for path in sorted(folder.glob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        raw: Any = reader.load(text)
        raw.setdefault("plan_hash", hashlib.sha256(text.encode()).hexdigest())
        plans.append(fill_plan(raw))
    return plans
