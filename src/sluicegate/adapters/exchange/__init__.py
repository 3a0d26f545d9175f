"""Comparing between providers' nodes: private set intersection."""
