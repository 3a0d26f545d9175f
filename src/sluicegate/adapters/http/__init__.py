"""What stands before every HTTP application of a node: limits, headers, rates, metrics."""
