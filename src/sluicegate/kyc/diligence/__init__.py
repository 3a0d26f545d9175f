"""Due diligence on a customer: what is held, verified, decided, rated, kept and handed over."""
