"""Orders, what was given back for them, and which still stand."""
