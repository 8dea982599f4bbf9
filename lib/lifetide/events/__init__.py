"""From a shop's own rows to clean events, each exactly once."""
