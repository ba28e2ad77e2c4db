"""What Dagster knows: assets, checks, jobs, schedules, sensors, resources, policies and their assembly."""
