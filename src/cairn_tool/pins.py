"""How a lock file is read: package names as the packaging standard compares them, and pins."""

import re

# One pin of a lock file: name, version, and perhaps the systems that it is for.
PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)(?: ; ([^\\\n]+?))?(?: \\)?$")


def normal(name: str) -> str:
    """A package name as the packaging standard (PEP 503) compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """Package -> pinned version of a requirements text."""
    return {normal(name): version for name, version, _ in PIN.findall(text)}
