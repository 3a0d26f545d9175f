"""Writes a consultation as one HTML page that needs nothing outside itself."""

from sluicegate.adapters.consultation.page import consultation_page

__all__ = ["consultation_page"]
