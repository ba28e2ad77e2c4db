"""Changes of one place each in the compiled SQL of a model.

Belongs here: which places can be changed and how. Does not belong here: whether a test notices (``judge``).

The expansions of the macros of exact arithmetic, of hashes and of business dates are left alone: they are the same
in every model and have tests of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

DIALECT = "duckdb"
#: kind, place, what replaces it (None: it is left out) and both in words
Edit = tuple[str, exp.Expression, exp.Expression | None, str]


@dataclass(frozen=True)
class Change:
    """One changed place.

    Attributes:
        model: name of the model.
        kind: what was done.
        within: common table expression it was done in.
        what: the place before and after, or what it is without.
        nth: which of several equal places of the expression, from 1.
        node: number of the changed node of the query.
        edit: number of the edit of that node.
    """

    model: str
    kind: str
    within: str
    what: str
    nth: int
    node: int
    edit: int

    @property
    def key(self) -> str:
        """Identifies the change in any formatting of the model."""
        return f"{self.model} | {self.kind} | {self.within} | {self.what} | {self.nth}"


def unchanged(sql: str) -> str:
    """A model read and written again, without a change."""
    return sqlglot.parse_one(sql, dialect=DIALECT).sql(dialect=DIALECT)


def changes_of(model: str, sql: str) -> list[Change]:
    """All changes of a model, in the order of their places.

    Args:
        model: name of the model.
        sql: its compiled query.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for number, node in enumerate(_nodes(sqlglot.parse_one(sql, dialect=DIALECT))):
        if _is_left_alone(node):
            continue
        for edit, (kind, _, _, what) in enumerate(_edits(node)):
            name = (kind, _within(node), what)
            seen[name] += 1
            found.append(Change(model, *name, seen[name], number, edit))
    return found


def changed(sql: str, change: Change) -> str:
    """The query of a model with a change."""
    tree = sqlglot.parse_one(sql, dialect=DIALECT)
    _, place, replacement, _ = _edits(_nodes(tree)[change.node])[change.edit]
    if replacement is None:
        place.pop()
    else:
        place.replace(replacement)
    return tree.sql(dialect=DIALECT, comments=False)


def _nodes(tree: exp.Expression) -> list[exp.Expression]:
    return list(tree.walk(bfs=False))


def _edits(node: exp.Expression) -> list[Edit]:
    maker = EDITS.get(type(node))
    return list(maker(node)) if maker else []


def _text(node: exp.Expression | None) -> str:
    return "" if node is None else node.sql(dialect=DIALECT, comments=False)


def _within(node: exp.Expression) -> str:
    """Name of the common table expression a node stands in."""
    found = node.find_ancestor(exp.CTE)
    return found.alias if found else "select"


def _is_left_alone(node: exp.Expression) -> bool:
    """Whether a node belongs to an expanded macro of arithmetic, hashes or dates."""
    place: exp.Expression | None = node
    while place is not None and not isinstance(place, exp.Select):
        if isinstance(place, exp.IntDiv | exp.Sign | exp.MD5) or any(
            is_expansion(place) for is_expansion in EXPANSIONS
        ):
            return True
        place = place.parent
    return False


def _is_exact_division(node: exp.Expression) -> bool:
    return (
        isinstance(node, exp.Cast)
        and isinstance(node.this, exp.Case)
        and node.to.sql().startswith("DECIMAL(28")
    )


def _is_chosen_by_size(node: exp.Expression) -> bool:
    """The same in 64 or in 128 bits: which, goes by a power of ten or by the largest number of 64 bits."""
    if not isinstance(node, exp.Case):
        return False
    conditions = [branch.this for branch in node.args["ifs"]]
    limits = [
        limit.expression
        for condition in conditions
        for limit in condition.find_all(exp.LT)
        if isinstance(limit.this, exp.Abs)
    ]
    limits += [limit.args["high"] for condition in conditions for limit in condition.find_all(exp.Between)]
    return any(limit.sql() in _SIZES for limit in limits)


def _is_number_of_units(node: exp.Expression) -> bool:
    """A decimal as a whole number: its whole part, and what is behind the point."""
    return isinstance(node, exp.Add | exp.Sub) and any(
        isinstance(part, exp.Trunc) for side in (node.this, node.expression) for part in side.walk()
    )


def _is_business_date(node: exp.Expression) -> bool:
    return isinstance(node, exp.Case) and "'2000-01-01'" in node.args["ifs"][0].this.sql()


_SIZES = {str(10**power) for power in range(3, 19)} | {str(2**63 - 1)}
EXPANSIONS = (_is_exact_division, _is_chosen_by_size, _is_number_of_units, _is_business_date)


def _swapped(kind: str, other: type[exp.Binary]) -> Callable[[exp.Expression], Iterator[Edit]]:
    """The operator of two operands replaced by another."""

    def edits(node: exp.Expression) -> Iterator[Edit]:
        replacement = other(this=node.this.copy(), expression=node.expression.copy())
        yield kind, node, replacement, _became(node, replacement)

    return edits


def _became(before: exp.Expression, after: exp.Expression) -> str:
    return f"{_text(before)} => {_text(after)}"


def _equality(node: exp.Expression) -> Iterator[Edit]:
    """Only against a constant: columns of joins are dropped, see `_conjunction`."""
    if isinstance(node.this, exp.Literal) or isinstance(node.expression, exp.Literal):
        yield from _swapped("comparison", exp.NEQ)(node)


def _conjunction(node: exp.Expression) -> Iterator[Edit]:
    """One of two conditions dropped; of a chain, each once."""
    kind = "condition dropped" if isinstance(node, exp.And) else "alternative dropped"
    sides = [(node.this, node.expression), (node.expression, node.this)]
    for dropped, kept in sides:
        if not isinstance(dropped, type(node)):
            yield kind, node, kept.copy(), f"without {_text(dropped)}"


def _where(node: exp.Expression) -> Iterator[Edit]:
    if not isinstance(node.this, exp.And):
        yield "condition dropped", node, None, f"without {_text(node)}"


def _case(node: exp.Expression) -> Iterator[Edit]:
    branches = node.args["ifs"]
    for branch in branches if len(branches) > 1 else []:
        yield "branch dropped", branch, None, f"without {_text(branch)}"
    default = node.args.get("default")
    if len(branches) == 1 and default is not None:
        for value in (default, branches[0].args["true"]):
            if not isinstance(value, exp.Null):
                yield "branch dropped", node, value.copy(), _became(node, value)


def _union(node: exp.Expression) -> Iterator[Edit]:
    for dropped, kept in ((node.this, node.expression), (node.expression, node.this)):
        if not isinstance(dropped, exp.Union):
            replacement = kept.copy()
            if with_ := node.args.get("with_"):
                replacement.set("with_", with_.copy())
            yield "branch dropped", node, replacement, f"without {_text(dropped)[:200]}"
    if node.args.get("distinct"):
        replacement = node.copy()
        replacement.set("distinct", False)
        yield "distinct", node, replacement, "UNION ALL"


def _coalesce(node: exp.Expression) -> Iterator[Edit]:
    default = node.expressions[-1]
    others = [item.copy() for item in node.expressions[:-1]]
    without = exp.Coalesce(this=node.this.copy(), expressions=others) if others else node.this.copy()
    yield "default", node, without, _became(node, without)
    if isinstance(default, exp.Literal) and not default.is_string:
        other = exp.Literal.number(1 if float(default.this) == 0 else 0)
        replacement = exp.Coalesce(this=node.this.copy(), expressions=[*others, other])
        yield "default", node, replacement, _became(node, replacement)


def _called(other: type[exp.Func]) -> Callable[[exp.Expression], Iterator[Edit]]:
    """A function replaced by its opposite."""

    def edits(node: exp.Expression) -> Iterator[Edit]:
        replacement = other(**{name: _copied(value) for name, value in node.args.items()})
        yield "min, max", node, replacement, _became(node, replacement)

    return edits


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [item.copy() for item in value]
    return value.copy() if isinstance(value, exp.Expression) else value


def _distinct(node: exp.Expression) -> Iterator[Edit]:
    if isinstance(node.parent, exp.Select):
        yield "distinct", node, None, "not distinct"
    elif len(node.expressions) == 1:
        yield "distinct", node, node.expressions[0].copy(), f"not {_text(node)}"


def _ordered(node: exp.Expression) -> Iterator[Edit]:
    replacement = node.copy()
    replacement.set("desc", not node.args.get("desc"))
    replacement.set("nulls_first", None)
    yield "order", node, replacement, _became(node, replacement)
    siblings = node.parent.expressions if node.parent else []
    if len(siblings) > 1:
        yield "order", node, None, f"without {_text(node)}"


def _in(node: exp.Expression) -> Iterator[Edit]:
    for item in node.expressions if len(node.expressions) > 1 else []:
        yield "list item dropped", item, None, f"without {_text(item)}"


def _window(node: exp.Expression) -> Iterator[Edit]:
    keys = node.args.get("partition_by") or []
    for key in keys if len(keys) > 1 else []:
        yield "key dropped", key, None, f"{_text(node)} without {_text(key)}"


def _not(node: exp.Expression) -> Iterator[Edit]:
    yield "negation", node, node.this.copy(), _became(node, node.this)


EDITS: dict[type[exp.Expression], Callable[[exp.Expression], Iterator[Edit]]] = {
    exp.LT: _swapped("comparison", exp.LTE),
    exp.LTE: _swapped("comparison", exp.LT),
    exp.GT: _swapped("comparison", exp.GTE),
    exp.GTE: _swapped("comparison", exp.GT),
    exp.EQ: _equality,
    exp.NEQ: _swapped("comparison", exp.EQ),
    exp.And: _conjunction,
    exp.Or: _conjunction,
    exp.Where: _where,
    exp.Case: _case,
    exp.Union: _union,
    exp.Coalesce: _coalesce,
    exp.Min: _called(exp.Max),
    exp.Max: _called(exp.Min),
    exp.Least: _called(exp.Greatest),
    exp.Greatest: _called(exp.Least),
    exp.Distinct: _distinct,
    exp.Ordered: _ordered,
    exp.In: _in,
    exp.Window: _window,
    exp.Not: _not,
    exp.Add: _swapped("sign", exp.Sub),
    exp.Sub: _swapped("sign", exp.Add),
}
