"""What a developer runs by hand or by make."""
