"""Alembic's chain of migrations; `knowledge.store.engine.migrate` runs it."""
