"""What every part of a run uses: the writer lock, progress events, periods, the watch on the parent process."""
