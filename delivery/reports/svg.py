"""Small pieces of SVG: text that is escaped, shapes, and how wide a text will be.

Here belongs drawing. Not here: what is drawn (`charts.py`).
"""

from unicodedata import east_asian_width

from markupsafe import Markup, escape

_WIDE, _BROAD, _NARROW = 1.0, 0.8, 0.63
_THIN = frozenset("iljtfrI.,:;'|!()[] ")


def width_of(text: str, size: float) -> float:
    """About how many pixels a text takes in a broad sans-serif face such as DejaVu or Verdana; rather too many."""
    units = 0.0
    for character in text:
        if east_asian_width(character) in "WF":
            units += _WIDE
        elif character in _THIN:
            units += 0.37
        else:
            units += _BROAD if character.isupper() or character in "mw%" else _NARROW
    return units * size


def fitted(text: str, room: float, size: float) -> str:
    """A text cut with an ellipsis to the room there is."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def label(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "") -> Markup:
    """A text.

    Args:
        x: Where it is anchored.
        y: Base line.
        text: Is escaped.
        anchor: start, middle or end.
        kind: CSS classes.
    """
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        _n(x), _n(y), anchor, _class(kind), text
    )


def rect(x: float, y: float, width: float, height: float, *, kind: str, title: str = "") -> Markup:
    """A rectangle with a tooltip; a negative width grows to the left, a negative height upwards."""
    left, top = min(x, x + width), min(y, y + height)
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}"{}>{}</rect>')
    return shape.format(_n(left), _n(top), _n(abs(width)), _n(abs(height)), _class(kind), _title(title))


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"{}/>').format(
        _n(x1), _n(y1), _n(x2), _n(y2), _class(kind)
    )


def polyline(points: list[tuple[float, float]], *, kind: str) -> Markup:
    """A line through points."""
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return Markup('<polyline points="{}" fill="none"{}/>').format(path, _class(kind))


def dot(x: float, y: float, *, kind: str, title: str = "") -> Markup:
    """A point with a tooltip."""
    return Markup('<circle cx="{}" cy="{}" r="3"{}>{}</circle>').format(
        _n(x), _n(y), _class(kind), _title(title)
    )


def picture(width: float, height: float, parts: list[Markup], *, title: str) -> Markup:
    """A drawing that takes the width of the page and keeps its proportions."""
    frame = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" style="max-width:{}px">{}</svg>')
    return frame.format(_n(width), _n(height), title, _n(width), Markup("").join(parts))


def _title(text: str) -> Markup:
    return Markup("<title>{}</title>").format(text) if text else Markup("")


def _class(kind: str) -> Markup:
    return Markup(' class="{}"').format(escape(kind)) if kind else Markup("")


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
