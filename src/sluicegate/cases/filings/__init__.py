"""Filings: forms as data, what is entered in them, and what a form still lacks.

A form (`form.Form`) is read from YAML (`reading`). What a person enters is kept
as it was typed; `values` reads it, `checking` names every field that is missing
or malformed, `filled` makes the one document that page, JSON and PDF show.
"""
