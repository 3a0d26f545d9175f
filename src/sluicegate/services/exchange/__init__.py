"""Comparing with another provider's node: who crosses a threshold together, and nothing else."""
