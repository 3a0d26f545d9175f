"""Filings as files: a page that needs nothing outside itself, JSON and PDF; a node's own forms."""
