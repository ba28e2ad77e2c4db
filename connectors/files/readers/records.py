"""From raw records to a table: where the header stands, which records are no data, which have a wrong width.

    records with lines → header → blank rows, repeated headers, totals left out → good rows | broken rows

Belongs here: what holds for every file format. Does not belong here: any file format, meaning of values.

What is left out is counted and said in the notes of the source; nothing else is ever dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.batches import BATCH_ROWS, TextTable, named
from connectors.files.readers.options import ReadOptions, Record
from connectors.files.scratch import FORMULA, MERGED, Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Numbered = tuple[int, list[str | None]]

SEARCHED_ROWS = 30  # rows among which a header is looked for
_SHOWN = 8  # fields, and lines, that a message shows
_TOTAL = re.compile(
    r"(本[页月季年次]|全[部年]|当[月年])?(合计|总计|共计|小计|总和|累计|汇总|总数)(金额|数量|数)?"
    r"|((grand|sub|sous|page)?total(s|e|amount|général|general|generale)?|sum|somme|suma|totaal"
    r"|(gesamt|zwischen|end|teil)?summe|gesamt(ergebnis|betrag)?)(eur|usd|gbp|chf|cny)?"
)
# what spreadsheet programs write below the rows of one group: 张三 汇总, Ann Lee Total
_OF_A_GROUP = ("小计", "合计", "汇总", "总计", " total", " subtotal", " summe", " ergebnis", " somme", " 計")
_TOTAL_INITIALS = frozenset("本全当合总共小累汇TtGgSsEeZz #*【[（(")
_FIGURE = re.compile(
    r"[^\w\s]{0,3}([A-Z]{3})?\s*[-+−(]?\d[\d.,'\s]*\)?\s*[^\w\s]?[^\W\d_]{0,3}|(?-i:[A-Z]{3})", re.IGNORECASE
)
# what stands below a table and is no row of it: who made it, which page it is, the unit of its amounts
_REMARK = re.compile(
    r"[(\[【*#]*\s*("
    r"(制表|填表|编制|审核|复核|审批|批准|经办|负责|打印|导出|统计|生成|更新|截止|截至)(人|者|员|日期|时间|部门|单位)?\s*:"
    r"|(制表|审核|打印|导出|统计|数据)?(日期|时间|来源|口径)\s*:"
    r"|(备注|注意?|说明|注释|金额单位|单位)\d*\s*:|注\d|第\s*\d+\s*页|共\s*\d+\s*页"
    r"|(page|seite)\s*\d+|(printed|exported|generated|created|prepared|reviewed|approved|source|notes?|remarks?"
    r"|stand|quelle|hinweis|erstellt)\b[^:]{0,30}:|(printed|exported|generated) (on|at|by)\b"
    r"|(all )?(amounts|figures|values) (are )?in\b)",
    re.IGNORECASE,
)
_REMARK_INITIALS = frozenset(
    "制填编审复批经负打导统生更截日时来口备注说金单数第共PpSsEeGgCcRrAaNnQqHhFfVv([【（*#＊＃"
)


def to_table(
    connection: DuckDBPyConnection,
    file: DeliveredFile,
    table: str,
    records: Iterator[Numbered],
    options: ReadOptions,
    *,
    pads: bool = False,
) -> Source | None:
    """Write the records of a file into `table`; None when there is no header.

    Args:
        connection: Scratch connection.
        file: The file.
        table: Name of the table to make.
        records: Records with the line each starts on.
        options: How to find the header.
        pads: Records may end early (a workbook stores no empty cells).

    Raises:
        DeliveryRejected: The row named as the header does not exist.
    """
    filled = (record for record in records if not _is_blank(record[1]))
    first = list(islice(filled, SEARCHED_ROWS))
    if not first:
        return None
    place = _header_place(file, first, filled, options)
    line, header = first[place][0], [unmarked(field) for field in first[place][1]]
    while pads and len(header) > 1 and not (header[-1] or "").strip():
        header.pop()
    target = TextTable(connection, file.name, table, named(header), line)
    for above in first[:place]:
        target.leave_out("above the header", above[0], _shown(above[1]))
    below = _fill(target, chain(first[place + 1 :], filled), header, pads=pads)
    titles = tuple(_joined(record) for _, record in first[:place])
    return replace(target.finish(), above=titles, below=tuple(map(_joined, below)))


def _is_blank(record: Record) -> bool:
    return all(not value or value.isspace() for value in record)


def _header_place(
    file: DeliveredFile, first: list[Numbered], rest: Iterator[Numbered], options: ReadOptions
) -> int:
    """Index of the header among the first records."""
    wanted = options.header_row
    if wanted is None:
        return best_header([record for _, record in first], options)
    while first[-1][0] < wanted:
        following = next(rest, None)
        if following is None:
            break
        first.append(following)
    for place, (line, _) in enumerate(first):
        if line == wanted:
            return place
    raise DeliveryRejected(
        f"nothing stands in row {wanted}, which was named as the header",
        where=str(file.path),
        hint=f"the first row that holds something is row {first[0][0]}: {_shown(first[0][1])}",
    )


def best_header(rows: Sequence[Record], options: ReadOptions) -> int:
    """The first row that has all wanted columns, else the one that names most of them, else the first."""
    best, most = 0, 0
    for place, row in enumerate(rows):
        found = options.recognise([unmarked(field) for field in row])
        if found.is_complete:
            return place
        if found.columns > most:
            best, most = place, found.columns
    return best


def _joined(record: Record) -> str:
    return " | ".join(field for field in map(unmarked, record) if field)


def _fill(
    target: TextTable, records: Iterator[Numbered], header: list[str | None], *, pads: bool
) -> list[Record]:
    """Fill the table; what comes back are the remarks among the records."""
    width = len(header)
    # a record may stop before columns without a name
    least = 0 if pads else max((n for n, name in enumerate(header, 1) if (name or "").strip()), default=0)
    lines: list[int] = []
    rows: list[list[str | None]] = []
    remarks: list[Record] = []
    for line, written in records:
        record = written if len(written) == width else fitted(written, least, width)
        if _may_be_remark(record) and is_remark(record):
            target.leave_out("a remark", line, _shown(record))
            remarks.append(record)
        elif len(record) != width:
            target.add_broken([(line, record)])
        elif record == header:
            target.leave_out("the header again", line, "")
        elif _may_be_total(record[0] or " ") and is_total(record):
            target.leave_out("a total", line, _shown(record))
        else:
            lines.append(line)
            rows.append(record)
            if len(rows) == BATCH_ROWS:
                target.add(lines, rows)
                lines, rows = [], []
    target.add(lines, rows)
    return remarks


def _may_be_remark(record: Record) -> bool:
    """A quick look: almost no record is one, and its first or last field shows it."""
    first = record[0] if record else None
    if first and not first.isspace():
        return first[0] in _REMARK_INITIALS and len(record) - sum(map(bool, record)) >= len(record) // 2
    return not any(record[: len(record) // 2])


def is_remark(record: Record) -> bool:
    """Whether a record is a remark below a table: each of its fields says so."""
    filled = [value.strip() for value in map(unmarked, record) if value and not value.isspace()]
    return bool(filled) and all(_REMARK.match(unicodedata.normalize("NFKC", value)) for value in filled)


def fitted(record: list[str | None], least: int, width: int) -> list[str | None]:
    """A record without empty fields beyond the header, and with those a short one may leave out."""
    end = len(record)
    while end > width and not (record[end - 1] or "").strip():
        end -= 1
    if least <= end < width:
        return record[:end] + [None] * (width - end)
    return record[:end]


def _may_be_total(first: str) -> bool:
    return first[0] in _TOTAL_INITIALS or first.strip().casefold().endswith(_OF_A_GROUP)


def is_total(record: Record) -> bool:
    """Whether a record is a total: it begins with a word for it, and holds nothing else but figures.

    Where it begins with a name and such a word, some field is empty as well.
    """
    filled = (value.strip() for value in map(unmarked, record) if value and not value.isspace())
    first = next(filled, "")
    if not _is_total_word(first) and (all(record) or not first.casefold().endswith(_OF_A_GROUP)):
        return False
    return all(not value or _is_figure(value) or _is_total_word(value) for value in filled)


def _is_total_word(text: str) -> bool:
    folded = re.sub(r"\(.*\)", "", unicodedata.normalize("NFKC", text).casefold())
    return _TOTAL.fullmatch(re.sub(r"[\W\d_]+|[元条笔行项人个]+$", "", folded)) is not None


def _is_figure(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return plain.startswith(FORMULA) or _FIGURE.fullmatch(plain) is not None or plain in ("-", "—")


def unmarked(text: str | None) -> str | None:
    """A header or title without the mark of a merged cell."""
    return text.removeprefix(MERGED).strip() if text is not None and text.startswith(MERGED) else text


def _shown(record: Record) -> str:
    filled = [value.strip() for value in map(unmarked, record) if value and value.strip()]
    return " | ".join(filled[:_SHOWN]) + (" | …" if len(filled) > _SHOWN else "")
