"""Long work, webhooks, notices and the calendar of due dates."""
