"""SQL outside macros/portable holds nothing that only one engine can do, or that the engines read differently.

Belongs here: what can be seen in the text of models, macros and data tests, with the portable form of each. Does not
belong here: what only a run shows (``tests/spark``). SQL that macros are given as Jinja strings is not read.

Patterns over the source and not a parser over compiled SQL: a finding names the line that has to be changed, and the
parsers of DuckDB accept most of this as what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
#: Models that stand on Spark in the place of models in Python.
_FOR_SPARK = "config(enabled=target.name == 'spark')"
_BLANK = "macro of macros/portable"
#: Pattern → what to write instead; over SQL without comments, Jinja and texts.
FORMS = {
    r"\bqualify\b": "row_number() in a subquery, and `where` outside of it",
    r"\basof\b": "lead(valid_from) over (…) as valid_to, joined by t >= valid_from and t < valid_to",
    r"\bdistinct\s+on\b": "row_number() in a subquery, and `where` outside of it",
    r"\brecursive\b": "a spine, or joins of a fixed depth",
    r"::": "cast(x as t)",
    r"[\[\]]": f"lists: a {_BLANK}; never an index, it begins at 1 on one engine and at 0 on the other",
    r"[{}]": f"structs: a {_BLANK}, or columns",
    r'"': "a name without quotes, or adapter.quote(…)",
    r"/": "exact_div, int_div or round_div: DuckDB divides decimals as DOUBLE",
    r"\bfilter\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*over\b": "sum(case when … then 1 else 0 end) over (…)",
    r"\bcount\s*\(\s*distinct\b[^()]*\)\s*over\b": "group by, and a join",
    r"\*\s*(?:exclude|except|replace|rename)\b": "the columns by name",
    r"\bunion\s+(?:all\s+)?by\s+name\b": "the columns in order",
    r",\s*(?:from|where|group\s+by)\b": "no comma after the last column",
    r"\bconcat\s*\(": "a || b, which is NULL when one is, or concat_ws",
    r"\bhash\s*\(": "md5_key",
    r"\bavg\s*\(": "sum and count through exact_div: the engines average decimals differently",
    r"\bas\s+(?:varchar|text|hugeint|ubigint|uinteger)\b": "dbt.type_string() or type_wide_int()",
    r"\binterval\s+\d|\binterval\s+'": "add_days, add_months or add_seconds",
    r"\b(?:unnest|generate_series|range|explode|sequence)\s*\(": f"month_spine or another {_BLANK}",
    r"\b(?:list|list_\w+|array_agg|collect_list|string_agg|listagg)\s*\(": "string_agg_ordered",
    r"\b(?:strftime|strptime|date_format|to_date|to_timestamp)\s*\(": f"period_of or another {_BLANK}",
    r"\b(?:date_diff|datediff|date_add|date_sub)\s*\(": "days_between, add_days or microseconds_between",
    r"\bextract\s*\(\s*(?:dow|isodow|epoch|week)\b": f"a {_BLANK}: the engines count from other days",
    r"\b(?:json_extract\w*|json_object|to_json|get_json_object)\s*\(": "json_text, row_json or landed_row_json",
    r"\b(?:regexp_\w+|rlike)\b": "matches or without_end",
    r"\b(?:current_timestamp|now|current_date)\b": "as_of of stg_calculation",
}
#: The same over SQL with its texts.
TEXTS = {
    r"\\": f"no backslash, Spark reads it as an escape; `like … escape '!'`, or a {_BLANK}",
    r"\w''\w": "text_literal(…): Spark reads two texts there and drops the apostrophe",
}
#: The same over Jinja.
CALLS = {
    r"\bdbt\.(?:listagg|safe_cast|dateadd|datediff|current_timestamp|hash|concat)\b": f"a {_BLANK}: dbt's differ",
}


def _blanked(text: str, pattern: str, blank: str = " ") -> str:
    """The text with another character for each of what matches; lines stay where they are."""
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", blank, found[0]), text, flags=re.DOTALL)


def findings(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, what stands there and what to write instead, in the order of the rules."""
    if _FOR_SPARK in source:
        return
    told = _blanked(source, r"\{#.*?#\}")
    # a call becomes a word: what stands there is a column, or a comma
    sql = _blanked(_blanked(_blanked(told, r"\{\{.*?\}\}", "x"), r"\{%.*?%\}"), r"--[^\n]*")
    bare = _blanked(sql, r"'(?:[^']|'')*'")
    for text, rules in ((bare, FORMS), (sql, TEXTS), (told, CALLS)):
        for pattern, form in rules.items():
            for found in re.finditer(pattern, text, flags=re.IGNORECASE):
                yield text.count("\n", 0, found.start()) + 1, found[0].strip(), form


def _sources() -> Iterator[Path]:
    for folder in ("models", "macros", "tests"):
        for path in sorted((PROJECT / folder).rglob("*.sql")):
            if "portable" not in path.relative_to(PROJECT).parts:
                yield path


def test_no_sql_for_one_engine_outside_of_the_portable_macros() -> None:
    found = [
        f"{path.relative_to(PROJECT.parent)}:{line}: {stands!r}; write instead: {form}"
        for path in _sources()
        for line, stands, form in findings(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_what_duckdb_keeps_is_a_table_on_spark() -> None:
    """A view leaves no files there, and files are what a run on Spark is read from.

    Nothing is made in its place there, either.
    """
    said = re.compile(
        r"materialized['\"]?\s*[:=]\s*['\"]?(view|(view|table)_in_place)\b"
        r"|'(?!table')\w+' if target\.name == 'spark' else '(table|view)"
    )
    files = [*(PROJECT / "models").rglob("*.yml"), *(PROJECT / "models").rglob("*.sql")]
    found = [
        path.name for path in (*files, PROJECT / "dbt_project.yml") if said.search(path.read_text("utf-8"))
    ]
    assert found == []
    assert said.search("config: {materialized: view}")
    assert said.search("{{ config(materialized='view') }}")
    assert said.search("config: {materialized: table_in_place}")
    assert said.search("'ephemeral' if target.name == 'spark' else 'table_in_place'")
    assert not said.search("'table' if target.name == 'spark' else 'table_in_place'")


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t qualify row_number() over (order by a) = 1",
        "select * from t asof join u on t.a >= u.a",
        "select distinct on (a) a, b from t",
        "with recursive t as (select 1) select * from t",
        "select a::date from t",
        "select l[1] from t",
        'select "a" from t',
        "select a / b from t",
        "select sum(a) filter (where b) over (partition by c) from t",
        "select count(distinct a) over (partition by c) from t",
        "select * exclude (a) from t",
        "select a from t union all by name select b from u",
        "select a, from t",
        "select concat(a, b) from t",
        "select hash(a) from t",
        "select avg(amount) from t",
        "select cast(a as varchar) from t",
        "select a + interval 1 day from t",
        "select unnest(l) from t",
        "select string_agg(a, ',') from t",
        "select strftime(d, '%Y') from t",
        "select date_diff('day', a, b) from t",
        "select extract(dow from d) from t",
        "select json_extract_string(c, '$.a') from t",
        "select regexp_matches(a, 'b') from t",
        "select current_timestamp as at from t",
        "select 'a\\_b' as pattern from t",
        "select 'the team''s' as words from t",
        "select {{ dbt.dateadd('second', 1, 'at') }} as at from t",
    ],
)
def test_each_form_is_seen_with_its_line(sql: str) -> None:
    found = list(findings(f"-- a / b is said in a comment\n{sql}"))
    assert found
    assert {line for line, _, _ in found} == {2}


def test_what_both_engines_do_is_left_alone() -> None:
    sql = """{# a / b #}
    select {{ exact_div('a', 'b') }} as c, sum(a) filter (where b = 'x / "y"') as d, cast('' as date) as e
    from t where a like '%''%' group by all -- [1]
    """
    assert list(findings(sql)) == []
