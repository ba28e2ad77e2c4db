"""``incentives explain``: from a payout line, or from what somebody is paid, back to source rows and approvals."""
