"""Forecasting how many models lie above thresholds: assumptions, courses of events, counts."""
