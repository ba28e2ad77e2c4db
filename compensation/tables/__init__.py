"""Plans as effective-dated tables of schema ``raw_plans``: their columns, their rows, landing them."""
