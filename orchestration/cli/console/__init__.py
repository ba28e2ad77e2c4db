"""What all commands share: text and JSON, errors, progress, and the summary of a run."""
