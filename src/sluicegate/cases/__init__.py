"""Casework: alerts become cases, people work them to decisions that others check.

A case is the fold of its events (`case.Case`); a command says what a person
wants to do (`commands`), and deciding turns it into events or a refusal.
"""
