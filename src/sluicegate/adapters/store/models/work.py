"""Long work, webhooks, deliveries and notices."""
