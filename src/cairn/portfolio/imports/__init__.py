"""The files that the portfolio can read in, each registered with its columns."""

from cairn.portfolio.imports import funding, narratives, projects, requests, results, structure

__all__ = ["funding", "narratives", "projects", "requests", "results", "structure"]
