"""Validation of a node's screening: what it finds, what it misses, whom it covers, what changes."""
