"""Accounts of people, sessions and machines."""
