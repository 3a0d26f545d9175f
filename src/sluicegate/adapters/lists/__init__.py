"""Readers of list files, one module a format; `reading` finds the one that fits."""
