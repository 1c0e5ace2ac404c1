"""One data layer, SQLAlchemy Core on SQLite and PostgreSQL; a module of queries for each noun."""

from bot.store.engine import Database

__all__ = ["Database"]
