"""Charts of the reports as inline SVG: nothing is fetched and no script runs. Shapes are in `svg.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from markupsafe import Markup

from serving.reports.drawing.svg import dot, fitted, label, line, picture, polyline, rect, width_of

_TEXT = 12.0
_ROW = 24.0
_FULL = Decimal(1)
_AXIS_END = Decimal("1.5")

Write = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Attributes:
        value: None draws the note instead of a bar.
        text: The value as people write it.
        kind: good, bad or plain.
        note: Why there is no bar.
    """

    name: str
    value: Decimal | None
    text: str = ""
    kind: str = "plain"
    note: str = ""


def attainment_chart(bars: Sequence[Bar], target: str, title: str, width: float = 720) -> Markup:
    """Horizontal bars of attainment with a line at the target.

    Args:
        bars: Attainments, 1 is the target; what exceeds 150 % is drawn to the edge and labelled.
        target: Word at the target line.
        title: For those who cannot see it.
        width: Of the drawing.
    """
    left, right = _name_room(bars, width), 78.0
    room = width - left - right
    top = 20.0
    height = top + _ROW * len(bars) + 6
    at_target = left + room * float(_FULL / _AXIS_END)
    parts = [
        label(at_target, 13, target, anchor="middle", kind="axis"),
        line(at_target, 17, at_target, height - 4, kind="target"),
    ]
    for number, bar in enumerate(bars):
        y = top + _ROW * number
        parts.append(_name(bar, left, y))
        if bar.value is None:
            parts.append(label(left, y + 16, fitted(bar.note, width - left, _TEXT), kind="note"))
            continue
        length = room * float(max(min(bar.value, _AXIS_END), Decimal(0)) / _AXIS_END)
        parts.append(
            rect(left, y + 5, max(length, 1.0), 14, kind=f"bar {bar.kind}", title=f"{bar.name} {bar.text}")
        )
        parts.append(label(left + length + 6, y + 16, bar.text, kind="value"))
    return picture(width, height, parts, title=title)


def amounts_chart(bars: Sequence[Bar], title: str, width: float = 720) -> Markup:
    """Horizontal bars of amounts; negative ones go to the left of the zero line.

    Args:
        bars: Amounts of one unit.
        title: For those who cannot see it.
        width: Of the drawing.
    """
    values = [float(bar.value or 0) for bar in bars]
    left = _name_room(bars, width)
    texts = [width_of(bar.text, _TEXT) + 12 for bar in bars]
    room_below = max((text for value, text in zip(values, texts, strict=True) if value < 0), default=0.0)
    room_above = max((text for value, text in zip(values, texts, strict=True) if value >= 0), default=0.0)
    low, high = min([*values, 0.0]), max([*values, 0.0])
    room = max(width - left - room_below - room_above, 40.0)
    scale = room / (high - low) if high > low else 0.0
    zero = left + room_below - low * scale
    height = _ROW * len(bars) + 6
    parts = [line(zero, 2, zero, height - 2, kind="zero")]
    for number, (bar, value) in enumerate(zip(bars, values, strict=True)):
        y = _ROW * number
        end = zero + value * scale
        anchor, shift, kind = ("end", -6.0, "bad") if value < 0 else ("start", 6.0, bar.kind)
        parts.append(_name(bar, left, y))
        parts.append(rect(zero, y + 5, end - zero, 14, kind=f"bar {kind}", title=f"{bar.name} {bar.text}"))
        parts.append(label(end + shift, y + 16, bar.text, anchor=anchor, kind="value"))
    return picture(width, height, parts, title=title)


def _name_room(bars: Sequence[Bar], width: float) -> float:
    widest = max((width_of(bar.name, _TEXT) for bar in bars), default=0.0)
    return min(widest + 14, width * 0.36)


def _name(bar: Bar, left: float, y: float) -> Markup:
    return label(left - 8, y + 16, fitted(bar.name, left - 10, _TEXT), anchor="end", kind="name")


def months_chart(
    months: Sequence[str],
    values: Sequence[Decimal | None],
    write: Write,
    title: str,
    *,
    is_line: bool = False,
    width: float = 350,
) -> Markup:
    """A value a month, as columns or as a line.

    Args:
        months: Periods, 2026-10.
        values: None where there was nothing: no column, a gap in the line.
        write: A value as people write it, short.
        title: For those who cannot see it.
        is_line: A line instead of columns.
        width: Of the drawing.
    """
    known = [float(value) for value in values if value is not None]
    ticks = nice_ticks(min([*known, 0.0]), max([*known, 0.0]))
    texts = [write(Decimal(str(tick))) for tick in ticks]
    left, top, height = max(width_of(text, 11) for text in texts) + 8, 18.0, 170.0
    bottom = height - 32
    step = (width - left - 6) / max(len(months), 1)

    def y_of(value: float) -> float:
        return bottom - (value - ticks[0]) / (ticks[-1] - ticks[0]) * (bottom - top)

    parts: list[Markup] = []
    for tick, text in zip(ticks, texts, strict=True):
        parts.append(line(left, y_of(tick), width, y_of(tick), kind="zero" if tick == 0 else "grid"))
        parts.append(label(left - 5, y_of(tick) + 4, text, anchor="end", kind="axis"))
    centres = [left + step * (number + 0.5) for number in range(len(months))]
    parts += _month_labels(months, centres, height, step)
    points = [(x, value) for x, value in zip(centres, values, strict=True)]
    draw = _draw_line if is_line else _draw_columns
    parts.extend(draw(points, y_of, step, write))
    return picture(width, height, parts, title=title)


def _month_labels(
    months: Sequence[str], centres: Sequence[float], height: float, step: float
) -> list[Markup]:
    """The months, every second one where there is little room, and the years below."""
    parts = []
    for number, (month, x) in enumerate(zip(months, centres, strict=True)):
        if (len(months) - 1 - number) % 2 == 0 or step > 34:
            parts.append(label(x, height - 16, month[5:], anchor="middle", kind="axis"))
        if number == 0 or month.endswith("-01"):
            anchor = "end" if number > len(months) - 2 else "middle"
            parts.append(label(x, height - 3, month[:4], anchor=anchor, kind="axis"))
    return parts


Points = Sequence[tuple[float, Decimal | None]]


def _draw_columns(points: Points, y_of: Callable[[float], float], step: float, write: Write) -> list[Markup]:
    parts = []
    for number, (x, value) in enumerate(points):
        if value is None:
            continue
        is_last = number == len(points) - 1
        top, base, size = y_of(float(value)), y_of(0.0), step * 0.68
        kind = "bad" if value < 0 else "now" if is_last else "plain"
        parts.append(rect(x - size / 2, base, size, top - base, kind=f"bar {kind}", title=write(value)))
    return parts


def _draw_line(points: Points, y_of: Callable[[float], float], step: float, write: Write) -> list[Markup]:
    del step
    parts, run = [], list[tuple[float, float]]()
    runs = [run]
    for x, value in points:
        if value is None:
            run = []
            runs.append(run)
        else:
            run.append((x, y_of(float(value))))
    parts += [polyline(one, kind="trend") for one in runs if len(one) > 1]
    parts += [
        dot(x, y_of(float(value)), kind="dot", title=write(value)) for x, value in points if value is not None
    ]
    return parts


def nice_ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers that enclose a range.

    Args:
        low: Smallest value, at most 0.
        high: Largest value, at least 0.
        about: How many steps.
    """
    if high <= low:
        high = low + 1
    raw = (high - low) / about
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]
