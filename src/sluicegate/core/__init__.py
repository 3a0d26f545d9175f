"""Ground: quantities, time, identifiers, reasons, traces and canonical form."""
