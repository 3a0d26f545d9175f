"""What the services need from the outside, as protocols: stores, lakes, readers."""

from sluicegate.services.ports.store import (
    Act,
    ActLog,
    InputFile,
    InputReader,
    LakeError,
    PassStore,
    Progress,
    Put,
    RegistryStore,
    RowsRead,
    Staged,
    Store,
    StoreError,
    UsageBatch,
    UsageLake,
)

__all__ = [
    "Act",
    "ActLog",
    "InputFile",
    "InputReader",
    "LakeError",
    "PassStore",
    "Progress",
    "Put",
    "RegistryStore",
    "RowsRead",
    "Staged",
    "Store",
    "StoreError",
    "UsageBatch",
    "UsageLake",
]
