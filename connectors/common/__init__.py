"""What all connectors share: the import contract's vocabulary, errors, YAML with line numbers, landing.

Data flow: a connector turns its source into typed Arrow tables (`contract` says which types) and hands
them to `landing`, which writes them to the warehouse through dlt with a frozen schema. Whatever goes wrong
on the way is raised as one of `problems`.
"""
