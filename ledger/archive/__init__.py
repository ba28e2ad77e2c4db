"""Archives of calculations: content-addressed files, taking them from a home, bringing them back to a warehouse."""
