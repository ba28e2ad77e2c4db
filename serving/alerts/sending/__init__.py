"""One message to one channel: the order of attempts, and the services."""
