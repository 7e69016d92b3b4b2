"""What this context keeps, part by part."""

from cairn.observatory.declarations import indicators, interactive, pipeline, public  # noqa: F401 - each declares its models
