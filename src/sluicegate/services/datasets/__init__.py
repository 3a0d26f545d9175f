"""Data sets about models: taken in as snapshots, given by name and by when they were known."""
