"""Tests of the shell, its charts and its documents."""
