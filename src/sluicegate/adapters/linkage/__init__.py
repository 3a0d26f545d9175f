"""Batch search for duplicates among customers, with splink (extra `linkage`)."""
