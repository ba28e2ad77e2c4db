"""One customer under several records (section 0 "Identity", reading 4; decision R32).

Belongs here: keys of records and the connected components over them. Does not belong here:
anything about deals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

import phonenumbers

from tests.reference.templates import Row

Node = tuple[str, str]

LATIN_FORMS = frozenset(
    [
        "ab",
        "ag",
        "bv",
        "co",
        "coltd",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "limited",
        "llc",
        "llp",
        "ltd",
        "nv",
        "oy",
        "plc",
        "pte",
        "pty",
        "sa",
        "sarl",
        "spa",
        "srl",
    ]
)
CHINESE_FORMS = (
    "股份有限公司", "有限责任公司", "有限公司", "股份公司", "责任公司", "集团公司", "集团", "公司",
)  # fmt: skip


CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z


def code_key(code: str | None) -> str | None:
    """Unified social credit code in its letters and digits.

    Reading 43: "A credit code is a key only when its alphabet, length (18) and check digit are right":
    the last character makes Σ value × 3^place a multiple of 31 (GB 32100-2015).
    """
    text = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code or "").upper())
    if len(text) != 18 or set(text) - set(CODE_LETTERS) or not text.strip("0"):
        return None
    added = sum(CODE_LETTERS.index(char) * 3**place for place, char in enumerate(text[:17]))
    return text if (added + CODE_LETTERS.index(text[17])) % 31 == 0 else None


def phone_key(phone: str | None, region: str = "CN") -> str | None:
    """Phone in E.164, None when it is no possible number.

    Reading 52: "A phone is well-formed when its length and number plan fit its country (a *possible*
    number), not when its prefix is in a library's table of allocations". A number that is complete only
    inside one town identifies nobody.
    """
    try:
        number = phonenumbers.parse(re.sub(r"(\d)\.0+\s*$", r"\1", phone or ""), region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    digits = [int(digit) for digit in str(number.national_number)]
    steps = {(after - digit) % 10 for digit, after in pairwise(digits)}
    if steps in (set(), {0}, {1}, {9}):  # 11111111111, 12345678901, 987654321: no number at all (reading 43)
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def name_key(name: str | None) -> str | None:
    """Company name without legal form ("NFKC, case-folded, legal-form words and punctuation removed").

    "Legal-form words are removed only at the end of a company name" (reading 4).
    """
    text = re.sub(r"[.'’]", "", unicodedata.normalize("NFKC", name or "").casefold())
    tokens = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in text).split()
    while len(tokens) > 1 and tokens[-1] in LATIN_FORMS:
        tokens.pop()
    joined = "".join(tokens)
    while form := next((f for f in CHINESE_FORMS if joined.endswith(f) and joined != f), None):
        joined = joined.removesuffix(form)
    return joined or None


def identity_keys(
    kind: str, row: Row, person_types: set[str], nobody: set[str | None]
) -> Iterator[tuple[str, str]]:
    """Identity keys of a record; "Names of natural persons are never an identity key".

    Reading 43: "Company names that mean none … are no key"; `nobody` are such names as keys.
    """
    name = row.get("name") if kind == "customers" else row.get("company_name")
    is_person = (row.get("customer_type") or "").strip().casefold() in person_types
    keys = {
        "code": code_key(row.get("unified_credit_code")),
        "phone": phone_key(row.get("phone")),
        "name": None if is_person or name_key(name) in nobody else name_key(name),
    }
    for what, value in keys.items():
        if value is not None:
            yield what, value


class Components:
    """Union-find over records."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        """Representative of the component of a record."""
        self._parent.setdefault(node, node)
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, first: Node, second: Node) -> None:
        """Say that two records are one customer."""
        self._parent[self.find(first)] = self.find(second)

    def groups(self) -> dict[Node, list[Node]]:
        """All records by representative."""
        found: dict[Node, list[Node]] = {}
        for node in list(self._parent):
            found.setdefault(self.find(node), []).append(node)
        return found


def customer_keys(
    customers: list[Row], leads: list[Row], person_types: set[str], placeholders: Iterable[str] = ()
) -> dict[Node, str]:
    """customer_key of every record ``(customers|leads, id)``.

    The key is the smallest customer_id of the connected component by code point, else ``lead:`` and
    the smallest lead_id. A lead's customer_id links it to that customer, known or not.
    """
    components = Components()
    nobody = {name_key(name) for name in placeholders}
    holders: dict[tuple[str, str], Node] = {}
    records = [("customers", row["customer_id"], row) for row in customers]
    records += [("leads", row["lead_id"], row) for row in leads]
    for kind, record_id, row in records:
        node = (kind, record_id)
        components.find(node)
        if kind == "leads" and row.get("customer_id"):
            components.join(node, ("customers", row["customer_id"]))
        for key in identity_keys(kind, row, person_types, nobody):
            components.join(node, holders.setdefault(key, node))
    found = {}
    for members in components.groups().values():
        kind, smallest = min(members)  # "customers" sorts before "leads"
        customer_key = smallest if kind == "customers" else f"lead:{smallest}"
        found.update(dict.fromkeys(members, customer_key))
    return found
