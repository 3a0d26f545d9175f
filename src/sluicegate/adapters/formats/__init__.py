"""Input file formats: recognised, read, and turned into native rows."""
