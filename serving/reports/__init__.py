"""Reports: a page per employee and team, in Chinese and English, as self-contained HTML and as PDF."""

from serving.errors import UnknownPeriodError
from serving.reports.errors import BrowserMissingError, UnknownSubjectError
from serving.reports.writing import FORMATS, Imprint, RenderResult, Scope, write_reports

__all__ = [
    "FORMATS",
    "BrowserMissingError",
    "Imprint",
    "RenderResult",
    "Scope",
    "UnknownPeriodError",
    "UnknownSubjectError",
    "write_reports",
]
