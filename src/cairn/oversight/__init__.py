"""The data-protection officer's desk: who saw what and why, and what follows from it."""
