"""Mapping foreign files to templates: described in YAML, not in code.

    mapping.yml → load_mapping → Mapping → mapped_parts(files) → Parts, checked like files in the templates

Belongs here: the mapping language (model), reading it (loading), turning it into SQL over files (applying).
Does not belong here: types and checks of templates, landing.
"""

from connectors.files.mapping.applying import mapped_parts, record_parts
from connectors.files.mapping.loading import load_mapping, parse_mapping
from connectors.files.mapping.model import Mapping

__all__ = ["Mapping", "load_mapping", "mapped_parts", "parse_mapping", "record_parts"]
