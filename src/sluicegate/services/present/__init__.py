"""What the last pass found, as pages of rows that are read by index."""
