"""Closing the books: the life of a month of pay, its archive, reproduction, true-ups, hand-over to payroll."""
