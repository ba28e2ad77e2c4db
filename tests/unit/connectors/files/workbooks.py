"""Workbooks with what the writing libraries do not write: raw cells, formats by number, unusual parts."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(sheets: Sequence[Sequence[Any]] | Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An ordinary workbook of values: the rows of one worksheet, or of several by name."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def text(value: str) -> str:
    """An inline text cell."""
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def number(value: object, style: int = 0) -> str:
    """A number cell with the style of that index."""
    return f'<c s="{style}"><v>{value}</v></c>'


def formula(written: str, value: str | None = None) -> str:
    """A formula cell, with or without a stored result."""
    return f"<c><f>{escape(written)}</f>{'' if value is None else f'<v>{value}</v>'}</c>"


def write_workbook(
    path: Path,
    sheets: dict[str, Sequence[Sequence[str]]],
    *,
    formats: Sequence[int | str] = (),
    calculation: str = '<calcPr calcId="191029"/>',
    properties: str = "<workbookPr/>",
    hidden: Sequence[str] = (),
    after_rows: str = "",
) -> Path:
    """Write a workbook of raw cells; style n + 1 has `formats[n]`, a built-in number or a format code."""
    names = list(sheets)
    tags = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name in hidden else ''}/>"
        for n, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    codes = {code: 164 + n for n, code in enumerate(formats) if isinstance(code, str)}
    own = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{escape(c, {chr(34): "&quot;"})}"/>' for c, n in codes.items()
    )
    styles = "".join(f'<xf numFmtId="{codes.get(code, code)}"/>' for code in formats)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{tags}</sheets>{calculation}</workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}'
            f'<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/></Relationships>',
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        )
        for n, rows in enumerate(sheets.values(), 1):
            cells = "".join(f'<row r="{r}">{"".join(row)}</row>' for r, row in enumerate(rows, 1))
            book.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{after_rows}</worksheet>',
            )
    return path
