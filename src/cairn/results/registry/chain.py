"""What the platform is told of: chain."""


def tell() -> None:
    """Register what this part gives to others."""
