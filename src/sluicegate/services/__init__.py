"""Use cases: one function each, over ports that adapters implement."""
