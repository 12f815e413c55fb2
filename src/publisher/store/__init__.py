"""The database: the ledger, the editions, what the schedule remembers. SQLAlchemy is imported here only."""
