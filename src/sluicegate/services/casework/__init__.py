"""Casework: the queue, a case, what is done to it, its filings and its sealed files."""
