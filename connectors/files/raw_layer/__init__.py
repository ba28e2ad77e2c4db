"""The tables of ``raw_files``: their shape, what a load writes, and what earlier loads left."""
