"""Reports: a page per employee and team, in Chinese and English, as self-contained HTML and as PDF.

Here belongs the way from the marts to pages people read. Not here: computing (dbt_project), serving pages (portal).
"""

from serving.reports.errors import BrowserMissingError, UnknownPeriodError, UnknownSubjectError
from serving.reports.writing import FORMATS, ReportReport, Scope, write_reports

__all__ = [
    "FORMATS",
    "BrowserMissingError",
    "ReportReport",
    "Scope",
    "UnknownPeriodError",
    "UnknownSubjectError",
    "write_reports",
]
