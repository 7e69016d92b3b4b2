"""Practices and tools that all may cite."""

from cairn.library.models.practices import Practice
from cairn.library.models.tools import Tool, ToolAdaptation, ToolDownloads, ToolVersion

__all__ = ["Practice", "Tool", "ToolAdaptation", "ToolDownloads", "ToolVersion"]
