"""The usage lake: staging of what comes in."""
