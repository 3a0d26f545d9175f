"""Who acts, what they may do and see, and why not."""
