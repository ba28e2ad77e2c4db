"""One run from the lock to the outcome, and the Dagster instance it runs in."""
