"""The store of parties, runs, findings and acts: SQLAlchemy on SQLite or PostgreSQL."""

from sluicegate.adapters.store.opening import open_store
from sluicegate.adapters.store.repository import PersonalDataError, SqlStore
from sluicegate.services.ports import StoreError

__all__ = ["PersonalDataError", "SqlStore", "StoreError", "open_store"]
