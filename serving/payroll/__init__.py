"""The hand-over of a locked month to payroll: one row per employee and currency, in the columns payroll wants."""
