"""The import contract as data: the templates every file delivery, and every mapping, is written against.

    people + customers + deals + operations → TEMPLATES (by entity name, in the order of the contract)

Belongs here: which entities, columns, keys, allowed values and Chinese headers exist; the single source of
truth for readers, checks, raw tables and the empty templates handed to users.
Does not belong here: code that reads, checks or lands anything.
"""

from __future__ import annotations

from connectors.common.contract import Template
from connectors.files.templates.customers import CUSTOMERS
from connectors.files.templates.deals import DEALS
from connectors.files.templates.operations import OPERATIONS
from connectors.files.templates.people import PEOPLE

_ORDER = (
    "employees",
    "employee_assignments",
    "source_users",
    "customers",
    "archive_checks",
    "leads",
    "journey_events",
    "activities",
    "ownership_changes",
    "deals",
    "deal_splits",
    "transactions",
    "targets",
    "campaigns",
    "ad_daily",
    "brand_surveys",
    "product_inputs",
    "competitor_events",
    "policy_violations",
    "material_movements",
    "material_requests",
    "complaints",
    "service_ratings",
    "courses",
    "course_results",
    "kpi_observations",
    "fx_rates",
    "resolutions",
    "adjustments",
    "principals",
    "disputes",
)

_ALL = {template.entity: template for template in PEOPLE + CUSTOMERS + DEALS + OPERATIONS}

TEMPLATES: dict[str, Template] = {entity: _ALL[entity] for entity in _ORDER}

__all__ = ["TEMPLATES"]
