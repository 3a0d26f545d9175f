"""What happens in a synthetic world: each module adds the examples of one pattern."""
