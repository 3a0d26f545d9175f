"""Ownership: who holds whom, by which method it counts, what is not known, and its exchange."""
