"""All that is known of one customer, group or run, and of the sources."""
