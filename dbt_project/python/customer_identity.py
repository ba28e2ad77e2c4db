"""Which customer records are one customer (rulebook 0, identity).

Belongs here: the normalisation of identifiers and the connected components over equal normalised keys, over Arrow
columns. Does not belong here: reading tables (dbt does) and any rule of credit or pay.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

#: Words that say what form a company has; they are removed only at the end of a name.
_LATIN_WORDS = """ab ag bv co coltd company corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy
plc pte pty sa sarl spa srl"""
LATIN_FORMS = frozenset(re.findall(r"\w+", _LATIN_WORDS))
_CHINESE_FORMS = re.compile(
    "(?<=.)(?:股份有限公司|有限责任公司|有限公司|股份公司|责任公司|集团公司|集团|公司)$"
)
_APOSTROPHES = re.compile(r"[.'’]")
_ASCII_NOISE = re.compile(r"[^0-9a-z]+")
_CODE_NOISE = re.compile(r"[^0-9A-Z]")
_DEFAULT_REGION = "CN"


def normalise_name(name: str | None) -> str | None:
    """Company name as an identity key: NFKC, case-folded, no punctuation, no legal-form words at the end.

    A name that consists of legal-form words only keeps the first of them. Returns None when nothing is left.
    """
    if not name:
        return None
    folded = (name if name.isascii() else unicodedata.normalize("NFKC", name)).casefold()
    if not folded.isalnum():
        bare = _APOSTROPHES.sub("", folded)
        spaced = _ASCII_NOISE.sub(" ", bare) if bare.isascii() else _spaced(bare)
        words = spaced.split()
        while len(words) > 1 and words[-1] in LATIN_FORMS:
            words.pop()
        folded = "".join(words)
    while folded.endswith(("司", "团")):
        shorter = _CHINESE_FORMS.sub("", folded)
        if shorter == folded:
            break
        folded = shorter
    return folded or None


def _spaced(text: str) -> str:
    return "".join(character if _is_letter(character) else " " for character in text)


def _is_letter(character: str) -> bool:
    """Letters, digits and the marks that belong to letters."""
    return character.isalnum() or unicodedata.category(character)[0] in "LMN"


@functools.cache
def _mobile_pattern() -> re.Pattern[str]:
    """Valid Chinese mobile numbers, from the metadata of the phone library: the quick way for almost all numbers."""
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(_DEFAULT_REGION)
    return re.compile(rf"(?:\+?86|0086)?({metadata.mobile.national_number_pattern})")


def normalise_phone(phone: str | None) -> str | None:
    """Phone number in E.164 (default region China); None when it is no valid number."""
    if not phone:
        return None
    mobile = _mobile_pattern().fullmatch(phone)
    if mobile:
        return f"+86{mobile.group(1)}"
    import phonenumbers

    try:
        parsed = phonenumbers.parse(phone, _DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def normalise_code(code: str | None) -> str | None:
    """Unified social credit code as an identity key: NFKC, upper case, letters and digits only; zeros are no code."""
    if not code:
        return None
    key = _CODE_NOISE.sub("", unicodedata.normalize("NFKC", code).upper())
    return key if key.strip("0") else None


#: How each kind of spelling is brought to its normal form.
NORMAL_FORMS: dict[str, Callable[[str | None], str | None]] = {
    "phone": normalise_phone,
    "credit_code": normalise_code,
    "company_name": normalise_name,
}


def normalise_spellings(spellings: pa.Table) -> pa.Table:
    """Normal form of every spelling.

    Args:
        spellings: columns kind (of `NORMAL_FORMS`) and value, distinct.

    Returns:
        Columns kind, value, normal_form (NULL when there is none).
    """
    import pyarrow as pa

    kinds, values = spellings["kind"].to_pylist(), spellings["value"].to_pylist()
    normal = [NORMAL_FORMS[kind](value) for kind, value in zip(kinds, values, strict=True)]
    return pa.table(
        {"kind": spellings["kind"], "value": spellings["value"], "normal_form": pa.array(normal, pa.string())}
    )


_KEYS = ("linked_customer_id", "credit_code", "phone", "company_name")


def _edges(
    column: pa.ChunkedArray, first_node: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """Edges from records (row numbers) to the nodes of one kind of key. Returns rows, nodes, next free node."""
    import numpy as np
    import pyarrow.compute as pc

    present = pc.if_else(pc.equal(column, ""), None, column).combine_chunks()
    encoded = pc.dictionary_encode(present)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(codes >= 0)
    return rows, codes[rows].astype(np.int64) + first_node, first_node + len(encoded.dictionary)


def _smallest_names(labels: np.ndarray[Any, Any], names: Iterable[str | None]) -> dict[int, str]:
    smallest: dict[int, str] = {}
    for label, name in zip(labels.tolist(), names, strict=True):
        if name is not None and (label not in smallest or name < smallest[label]):
            smallest[label] = name
    return smallest


def resolve_customers(records: pa.Table) -> pa.Table:
    """Customer of every record.

    Args:
        records: columns source (``customers``, ``leads`` or ``deals``), record_id, linked_customer_id, and the normal
            forms credit_code, phone, company_name; one row per record, any order.

    Returns:
        Columns source, record_id, customer_key; one row per record.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = records.num_rows
    is_customer = pc.equal(records["source"], "customers")
    own_id = pc.if_else(is_customer, records["record_id"], records["linked_customer_id"])
    records = records.set_column(
        records.schema.get_field_index("linked_customer_id"), "linked_customer_id", own_id
    )
    rows, nodes, free = [], [], count
    for column in _KEYS:
        from_rows, to_nodes, free = _edges(records[column], free)
        rows.append(from_rows)
        nodes.append(to_nodes)
    source, target = np.concatenate(rows), np.concatenate(nodes)
    graph = coo_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(free, free))
    labels = connected_components(graph, directed=False)[1][:count]
    customers = _smallest_names(labels, own_id.to_pylist())
    is_lead = pc.equal(records["source"], "leads")
    lead_ids = pc.if_else(is_lead, records["record_id"], pa.scalar(None, pa.string()))
    leads = _smallest_names(labels, lead_ids.to_pylist())
    keys = [customers.get(label) or f"lead:{leads[label]}" for label in labels.tolist()]
    return pa.table(
        {
            "source": records["source"],
            "record_id": records["record_id"],
            "customer_key": pa.array(keys, pa.string()),
        }
    )
