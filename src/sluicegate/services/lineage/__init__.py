"""Lineages of a node: taken in, kept by version, accounted, drawn from what the node knows."""
