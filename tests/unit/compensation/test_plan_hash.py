"""The hash of a plan changes with its meaning and with nothing else."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from compensation import canonical_json, plan_from_canonical, plan_hash

BODY = """\
crediting:
  journey: {visited: 72h}
components:
  - {type: commission, pool: closing, rates: {marketing: 0.02, self_sourced: 0.05}}
"""
GOLDEN = "b5fedd3aa5b9c0d0f45e6908580b08ee13801250522d1df3a0e3aa4fdda008b5"


def hash_of(body, write_plan, load_folder):
    write_plan(body)
    return load_folder().hashes["a_plan"]


def test_the_hash_of_a_known_plan_never_changes(write_plan, load_folder):
    """A new setting with a default changes this on purpose: then say so in docs/decisions."""
    assert hash_of(BODY, write_plan, load_folder) == GOLDEN


@pytest.mark.parametrize(
    "same",
    [
        "# a comment\n" + BODY + "\n# another\n",
        BODY.replace("72h", "3d"),
        BODY.replace("0.02", "0.0200"),
        BODY.replace("0.02", "2e-2"),
        BODY.replace("0.02", '"0.02"'),
        BODY.replace("{marketing: 0.02, self_sourced: 0.05}", "{self_sourced: 0.05, marketing: 0.02}"),
        BODY.replace(
            "{type: commission, pool: closing, rates: {marketing: 0.02, self_sourced: 0.05}}",
            "type: commission\n    id: closing\n    pool: closing\n"
            "    rates:\n      marketing: 0.02\n      self_sourced: 0.05",
        ),
        BODY.replace("  journey:", "  deal_source: {protection_days: 180}\n  basis: signed\n  journey:"),
        BODY.replace("\n", "\r\n"),
    ],
)
def test_comments_layout_and_written_out_defaults_keep_the_hash(same, write_plan, load_folder):
    assert hash_of(same, write_plan, load_folder) == GOLDEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.02", "0.021"),
        ("72h", "71h"),
        ("closing", "closing, id: closing_2"),
        ("self_sourced", "repurchase"),
    ],
)
def test_a_change_of_meaning_changes_the_hash(old, new, write_plan, load_folder):
    assert hash_of(BODY.replace(old, new), write_plan, load_folder) != GOLDEN


def test_the_hash_is_the_sha256_of_the_canonical_text(write_plan, load_folder):
    write_plan(BODY)
    plan_set = load_folder()
    text = plan_set.canonical("a_plan")
    assert plan_set.hashes["a_plan"] == hashlib.sha256(text.encode()).hexdigest()
    assert '"visited":"259200s"' in text
    assert '"marketing":"0.02"' in text


def test_a_plan_comes_back_from_its_canonical_text(shipped):
    for plan_id, plan in shipped.plans.items():
        again = plan_from_canonical(canonical_json(plan))
        assert again == plan
        assert plan_hash(again) == shipped.hashes[plan_id]


def test_numbers_are_exact(write_plan, load_folder):
    write_plan("components:\n  - {type: commission, pool: closing, rates: {marketing: 0.01234567}}\n")
    (component,) = load_folder().plans["a_plan"].components
    assert component.rates == {"marketing": Decimal("0.01234567")}
