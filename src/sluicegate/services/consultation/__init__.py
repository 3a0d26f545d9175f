"""Consultations on thresholds and guidance, and the register of thresholds."""
