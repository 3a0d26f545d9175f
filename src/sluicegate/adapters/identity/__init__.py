"""Hashes, codes, keys, tokens and the organisation's provider: how identity is proved."""
