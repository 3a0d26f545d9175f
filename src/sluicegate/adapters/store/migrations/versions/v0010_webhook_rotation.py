"""The secret that a webhook had before its last rotation, while it is still signed with."""

from __future__ import annotations

from alembic import op

from sluicegate.adapters.store.migrations.building import optional

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in optional("sealed_old_secret", "old_secret_until"):
        op.add_column("webhooks", column)
