"""A small typed client of the programming interface."""
