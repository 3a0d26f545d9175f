"""Runs migrations on the connection that the store hands over, or writes them as SQL."""

from __future__ import annotations

from alembic import context

from sluicegate.adapters.store.models import Base


def migrate() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        url = context.config.get_main_option("sqlalchemy.url")
        context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    else:
        context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under the name env_py; read as a module it does nothing.
if __name__ == "env_py":
    migrate()
