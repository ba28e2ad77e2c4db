"""The plan model: what a plan file may say, as pydantic models."""
