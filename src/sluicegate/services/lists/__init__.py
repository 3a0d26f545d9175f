"""Lists on a node: taken in, compared, fetched, entered by hand, and given to who screens."""
