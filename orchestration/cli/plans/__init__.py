"""``incentives plan``: check plan files, compare plans, simulate them."""
