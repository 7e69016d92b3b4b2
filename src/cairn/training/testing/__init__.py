"""Tests for participants as plain values: questions, answers, marks, forms, codes. No database."""
