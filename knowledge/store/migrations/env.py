"""Alembic's way in: `knowledge.store.engine.migrate` hands it an open transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True)
context.run_migrations()
