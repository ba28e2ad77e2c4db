"""The one way to write a plan as text, and its hash.

Belongs here: canonical JSON. Two files with the same meaning give the same text: defaults are
written out, keys sorted, numbers without needless zeros, durations in seconds; comments, quotes
and layout are gone. The canonical text alone gives the plan back.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from compensation.model.plan import Plan
from compensation.model.scalars import plain


def canonical_json(plan: Plan) -> str:
    """The canonical JSON of a plan, in which two plans of the same meaning are equal."""
    return json.dumps(
        _plain(plan.model_dump(by_alias=True)), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def plan_hash(plan: Plan) -> str:
    """The sha256 of a plan's canonical JSON, as hex."""
    return hashlib.sha256(canonical_json(plan).encode()).hexdigest()


def plan_from_canonical(text: str) -> Plan:
    """The plan of a canonical text, e.g. of an archived one; its hash is the same again."""
    return Plan.model_validate(json.loads(text))


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, exactly."""
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
