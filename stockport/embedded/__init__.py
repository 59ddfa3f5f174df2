"""PostgreSQL for a machine that has none: the database engine of development, demo and tests."""
