"""Cases, their events, filings and attachments."""
