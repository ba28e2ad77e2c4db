"""From a connected system to raw_<type>: pages of records, compared with the last versions, landed when they differ."""
