"""Short spellings for the columns that occur in many templates, so that they mean the same everywhere.

Belongs here: column factories. Does not belong here: templates.
"""

from __future__ import annotations

from decimal import Decimal

from connectors.common.contract import Column, Kind

ZERO = Decimal(0)


def ident(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    """A record id, compared as text."""
    return Column(name, Kind.ID, zh, about, required)


def text(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    """Free text."""
    return Column(name, Kind.TEXT, zh, about, required)


def known_as(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    """The name of a person or company, by which it is known again."""
    return Column(name, Kind.TEXT, zh, about, required, identifies=True)


def digits(name: str, zh: str, about: str) -> Column:
    """Text that identifies by its digits, such as a phone number."""
    return Column(name, Kind.TEXT, zh, about, digits=True)


def choice(name: str, zh: str, about: str, *allowed: str, required: bool = False) -> Column:
    """One of a few words."""
    return Column(name, Kind.TEXT, zh, about, required, allowed=allowed)


def day(name: str, zh: str, about: str, *, required: bool = False, open_end: bool = False) -> Column:
    """A calendar date."""
    return Column(name, Kind.DATE, zh, about, required, open_end=open_end)


def moment(name: str, zh: str, about: str, *, required: bool = False, planned: bool = False) -> Column:
    """A point in time; without an offset it is local time."""
    return Column(name, Kind.TIMESTAMP, zh, about, required, planned=planned)


def money(name: str, zh: str, about: str, *, required: bool = False, signed: bool = False) -> Column:
    """An amount of money with at most two decimals; not below zero unless `signed`."""
    return Column(name, Kind.MONEY, zh, about, required, low=None if signed else ZERO)


def number(
    name: str,
    zh: str,
    about: str,
    *,
    kind: Kind = Kind.QUANTITY,
    required: bool = False,
    low: int | None = 0,
    high: int | None = None,
    default: str | None = None,
) -> Column:
    """A number of the given kind inside inclusive bounds."""
    return Column(name, kind, zh, about, required, low=_bound(low), high=_bound(high), default=default)


def flag(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    """True or false."""
    return Column(name, Kind.BOOL, zh, about, required)


def currency(*, required: bool = False) -> Column:
    """The ISO 4217 currency of the row's amount."""
    return Column("currency", Kind.CURRENCY, "币种", "ISO 4217 code, such as CNY", required)


def period() -> Column:
    """A month, quarter or year."""
    return Column("period", Kind.PERIOD, "期间", "2026-10, 2026-Q4 or 2026", required=True)


def employee(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    """A reference to an employee: employee id, crosswalk id or e-mail; resolved later, not here."""
    return Column(name, Kind.ID, zh, about, required)


def _bound(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
