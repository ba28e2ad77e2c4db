"""What all generators share: the calendar, the staff, the templates as tables, names, and the state."""
