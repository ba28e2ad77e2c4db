"""The front page of the Data Docs: every suite at a glance, in plain HTML.

Does not belong here: the pages of the suites, which Great Expectations renders (`docs.py`). The product's own
front page is an empty table until scripts from public networks have run, hence this one.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:1.5rem;color:#222;background:#fff}
table{border-collapse:collapse;margin:.5rem 0;max-width:100%}
td,th{border:1px solid #ccc;padding:.3rem .6rem;vertical-align:top;text-align:left}
pre,code{white-space:pre-wrap;font-size:12px}
a{color:#0b5cad}
.passed,.text-success{color:#1a7f37}.blocked,.text-danger{color:#b42318}.warned{color:#9a6700}
.fa-check-circle:before{content:"passed"}.fa-times:before{content:"failed"}
.fa-exclamation-triangle:before{content:"error"}
.navbar,button{display:none}
"""

_CHECKPOINTS = {"raw": "Before the computation", "marts": "Before publication"}


def render_index(summaries: Sequence[Mapping[str, Any]]) -> str:
    """The page for the latest results of suites (`SuiteResult.as_dict` with `checked_at` and `page`)."""
    sections = "".join(
        f"<h2>{title}</h2>{_table([one for one in summaries if one['checkpoint'] == checkpoint])}"
        for checkpoint, title in _CHECKPOINTS.items()
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>Gates</title>'
        f"<style>{STYLE}</style></head><body><h1>Gates</h1>"
        "<p>The latest result of every suite. A failed critical check blocks what lies behind the gate.</p>"
        f"{sections}</body></html>"
    )


def _table(summaries: Sequence[Mapping[str, Any]]) -> str:
    if not summaries:
        return "<p>Nothing has been checked yet.</p>"
    head = (
        "<tr><th>Table</th><th>Verdict</th><th>Rows</th><th>Checks</th><th>Look at</th><th>Checked</th></tr>"
    )
    return f"<table>{head}{''.join(_row(summary) for summary in summaries)}</table>"


def _row(summary: Mapping[str, Any]) -> str:
    table = escape(summary["table"])
    linked = f'<a href="{escape(summary["page"])}">{table}</a>' if summary["page"] else table
    failed = [check for check in summary["checks"] if not check["success"]]
    verdict = _verdict(failed)
    passed = len(summary["checks"]) - len(failed)
    cells = (
        linked,
        f'<span class="{verdict}">{verdict}</span>',
        "" if summary["rows"] is None else str(summary["rows"]),
        f"{passed} of {len(summary['checks'])} passed",
        "<br>".join(
            [escape(summary["note"])] * bool(summary["note"]) + [_failure(check) for check in failed]
        ),
        escape(summary["checked_at"]),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _verdict(failed: Sequence[Mapping[str, Any]]) -> str:
    if any(check["severity"] == "critical" for check in failed):
        return "blocked"
    return "warned" if failed else "passed"


def _failure(check: Mapping[str, Any]) -> str:
    what = check["error"] or f"{check['unexpected_count']} unexpected"
    return f"<b>{escape(check['severity'])}</b> {escape(check['check'])}: {escape(str(what))}"
