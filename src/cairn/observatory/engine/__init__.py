"""Counting on engines: the only place that knows DuckDB, Spark and Ibis, imported when used."""
