"""The policy lab: thresholds that are tried, that move, and that are forecast."""
