"""The store of parties, runs, findings and acts: SQLAlchemy on SQLite or PostgreSQL."""

from sluicegate.adapters.store.opening import StoreError, open_store
from sluicegate.adapters.store.repository import PersonalDataError, SqlStore

__all__ = ["PersonalDataError", "SqlStore", "StoreError", "open_store"]
