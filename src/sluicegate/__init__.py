"""Sluicegate (水闸): who is computing, how much, under which rules, and what must happen next."""

__version__ = "0.4.0"
