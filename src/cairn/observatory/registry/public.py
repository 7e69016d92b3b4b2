"""What the platform is told of: public."""


def tell() -> None:
    """Register what this part gives to others."""
