"""Pages about identification: procedures by code, decisions, profiles of countries."""
