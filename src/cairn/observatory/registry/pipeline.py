"""What the platform is told of: pipeline."""


def tell() -> None:
    """Register what this part gives to others."""
