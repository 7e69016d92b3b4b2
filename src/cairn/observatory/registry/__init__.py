"""What the platform is told of this context when it starts: every part, in order."""

from cairn.observatory.registry import indicators, interactive, pipeline, public

PARTS = (pipeline, public, indicators, interactive)
