"""What the last pass found, indexed for the queue: rebuilt from the versions, never the truth."""
