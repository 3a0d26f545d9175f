"""Who and what exists: parties, ownership, clusters, runs, and the hardware catalogue."""
