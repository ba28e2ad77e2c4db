"""Landing: systems, the inbox and single deliveries into the raw layer, plan files into the plan tables."""
