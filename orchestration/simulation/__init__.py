"""Plan what-if: a calculation under other plans on a copy of the warehouse."""
