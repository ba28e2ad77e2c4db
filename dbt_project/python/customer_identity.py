"""Which customer records are one customer (rulebook 0, identity).

Belongs here: the normalisation of identifiers and the connected components over equal normalised keys, over Arrow
columns. Does not belong here: reading tables (dbt does), ordinary spellings (``macros/customers/normal_forms.sql``
normalises them alike), any rule of credit or pay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
_DECIMALS = re.compile(r"(?<=[0-9])\.0+$")
_RISING = "01234567890123456789"
_CODE_NOISE = re.compile(r"[^0-9A-Z]")
_DEFAULT_REGION = "CN"
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH = 18
#: What the key of a lead that names no customer begins with.
LEAD = "lead:"


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


def normalise_phone(phone: str | None) -> str | None:
    """Phone number in E.164 (default region China); None when it is no possible number.

    Possible: length and number plan fit the country. Which prefixes the library knows as assigned does not matter, for
    new ones are opened all the time. One digit over and over, and digits in a row (123456789), are what people type
    when they have none. A spreadsheet's decimals (13800000001.0) are no part of the number.
    """
    if not phone:
        return None
    import phonenumbers

    try:
        parsed = phonenumbers.parse(_DECIMALS.sub("", phone.strip()), _DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    digits = str(parsed.national_number)
    if len(set(digits)) == 1 or digits in _RISING or digits[::-1] in _RISING:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def normalise_code(code: str | None) -> str | None:
    """Unified social credit code as an identity key: NFKC, upper case, letters and digits only.

    None unless it has 18 of the allowed characters and the right check digit (GB 32100-2015); zeros are no code.
    """
    if not code:
        return None
    key = _CODE_NOISE.sub("", unicodedata.normalize("NFKC", code).upper())
    if len(key) != _CODE_LENGTH or not set(key) <= set(_CODE_LETTERS) or not key.strip("0"):
        return None
    values = [_CODE_LETTERS.index(letter) for letter in key]
    weighted = sum(value * 3**place for place, value in enumerate(values[:-1]))
    return key if (weighted + values[-1]) % len(_CODE_LETTERS) == 0 else None


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


def join_customers(links: pa.Table) -> pa.Table:
    """The customer of every id that belongs to another one.

    Args:
        links: columns own_key (a customer id, or ``lead:ID``), kind and value of an identifier; any order.

    Returns:
        Columns customer_id, customer_key: the smallest customer id linked with it, else the smallest ``lead:ID``.
        Ids that are their own customer are left out.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    keys = links["own_key"].combine_chunks().dictionary_encode()
    identifiers = (
        pc.binary_join_element_wise(links["kind"], links["value"], ":").combine_chunks().dictionary_encode()
    )
    names = keys.dictionary.to_pylist()
    first = len(names)
    nodes = keys.indices.to_numpy(), identifiers.indices.to_numpy() + first
    size = first + len(identifiers.dictionary)
    graph = coo_array((np.ones(len(links), dtype=np.int8), nodes), shape=(size, size))
    labels = connected_components(graph, directed=False)[1][:first].tolist()
    smallest: dict[int, tuple[bool, str]] = {}
    for label, name in zip(labels, names, strict=True):
        candidate = (name.startswith(LEAD), name)
        smallest[label] = min(smallest.get(label, candidate), candidate)
    found = [(name, smallest[label][1]) for label, name in zip(labels, names, strict=True)]
    others = [(name, key) for name, key in found if name != key]
    columns = {
        "customer_id": pa.array([name for name, _ in others], pa.string()),
        "customer_key": pa.array([key for _, key in others], pa.string()),
    }
    return pa.table(columns)
