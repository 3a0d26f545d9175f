"""Accounts that belong together: found, kept for reading, cut, restored and accepted by people."""
