"""Messages to the outside: checked addresses, webhooks posted to them, mail."""
