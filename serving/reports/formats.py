"""Formats of numbers, money and times in one language."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from serving.catalogue import text

if TYPE_CHECKING:
    from babel import Locale

NOTHING = "–"
_LOCALES = {"zh": "zh_Hans_CN", "en": "en_US"}


class Formats:
    """Formats of one language."""

    def __init__(self, language: str, timezone: str) -> None:
        self._language, self._zone = language, ZoneInfo(timezone)

    @cached_property
    def _locale(self) -> "Locale":
        from babel import Locale

        return Locale.parse(_LOCALES[self._language])

    def number(self, value: Decimal | int | None, places: int = 2) -> str:
        """A number with at most so many places."""
        from babel.numbers import format_decimal

        if value is None:
            return NOTHING
        pattern = "#,##0" + ("." + "#" * places if places else "")
        return format_decimal(value, pattern, locale=self._locale)

    def money(self, value: Decimal | None, currency: str | None) -> str:
        """An amount with its currency, always with the places of the currency."""
        from babel.numbers import format_currency

        if value is None:
            return NOTHING
        return (
            format_currency(value, currency or "XXX", locale=self._locale) if currency else self.number(value)
        )

    def compact(self, value: Decimal) -> str:
        """A round number for the axis of a chart, such as 12K or 1.2万."""
        from babel.numbers import format_compact_decimal

        return format_compact_decimal(value, locale=self._locale, fraction_digits=1)

    def percent(self, value: Decimal | None, places: int = 1) -> str:
        """A share: 0.125 is 12.5 %."""
        from babel.numbers import format_percent

        if value is None:
            return NOTHING
        return format_percent(
            value, "#,##0" + ("." + "#" * places if places else "") + "%", locale=self._locale
        )

    def score(self, value: Decimal | None) -> str:
        """A score with one place."""
        from babel.numbers import format_decimal

        return NOTHING if value is None else format_decimal(value, "#,##0.0", locale=self._locale)

    def figure(self, value: Decimal | None, unit: str) -> str:
        """The value of a KPI in its unit; small shares keep two places that say something."""
        if value is None:
            return NOTHING
        if unit == "ratio":
            return self.percent(value, 3 if 0 < abs(value) < Decimal("0.01") else 1)
        figure = self.number(value, 2)
        return text("unit.hours", self._language, value=figure) if unit == "hours" else figure

    def month(self, period: str) -> str:
        """A month such as October 2026."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", date.fromisoformat(f"{period}-01"), locale=self._locale)

    def day(self, value: datetime) -> str:
        """The business date of a naive UTC moment."""
        from babel.dates import format_date

        return format_date(
            self._local(value), "short" if self._language == "zh" else "medium", locale=self._locale
        )

    def moment(self, value: datetime) -> str:
        """A naive UTC moment in the time zone of the business."""
        return self._local(value).strftime("%Y-%m-%d %H:%M")

    def _local(self, value: datetime) -> datetime:
        return value.replace(tzinfo=UTC).astimezone(self._zone)
