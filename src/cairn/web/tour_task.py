"""What one step of a tour is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a tour: what to do, what there is to see, where.

    `project`: reference of the project that it shows; without it there is no such step.
    """

    title: str
    text: str
    href: str
    project: str = ""
