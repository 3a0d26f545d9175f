"""Screening: names are compared with the parties of lists, and every match says why.

`entries` is what an issuer's list says, `index` the engine that screens names
against listed parties, `joining` makes one listed party of entries in several
lists, `changes` tells two versions of a list apart, and `linkage` finds accounts
that belong together.
"""
