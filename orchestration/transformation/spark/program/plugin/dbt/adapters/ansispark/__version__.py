"""That of the adapter it stands on."""

from dbt.adapters.spark.__version__ import version

__all__ = ["version"]
