"""Metering: usage to FLOP with exact bounds, runs, groups and growth."""
