"""Connected systems: what sources.yml says, extraction into raw_<type>, and the way on to the templates.

    sources.yml → configuration → Instance → extraction → raw_<type>, every version → delivery → raw_files

Belongs here: what all types of systems share. Does not belong here: one vendor (`connectors/<type>`), the mapping
language and the checks of templates (`connectors/files`).

Only light modules are imported here; dlt is loaded when something is extracted.
"""
