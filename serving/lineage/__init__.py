"""From a payout line to the source rows it rests on."""
