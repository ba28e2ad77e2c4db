"""The ordinary business of the made-up company, one module a part of it."""
