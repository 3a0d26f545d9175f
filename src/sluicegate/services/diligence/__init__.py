"""Due diligence on customers: collected, verified, decided, rated, kept, disposed, handed over."""
