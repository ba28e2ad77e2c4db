"""The workbook of a month for HR: scorecards, payouts and payout lines as XLSX, in Chinese and English."""

from serving.workbook.writing import WorkbookResult, write_workbooks

__all__ = ["WorkbookResult", "write_workbooks"]
