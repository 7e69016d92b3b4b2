"""Activities of the versions before 2.01, brought into the words of 2.03 before they are read.

Until 1.05 texts stood in the elements themselves and some codes were words or letters. Source:
IATI upgrades "Integer upgrade to 2.01" and the code lists of 1.05 (IATI Standard, CC BY 4.0).
Codes that no list knew stay as they are and are complained of like any other.
"""

from lxml import etree
from lxml.etree import _Element as Element

# Element, attribute -> code of the old lists, in small letters -> code of 2.03.
_CODES: dict[tuple[str, str], dict[str, str]] = {
    ("activity-date", "type"): {
        "start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4",
    },
    ("participating-org", "role"): {
        "funding": "1", "accountable": "2", "extending": "3", "implementing": "4",
    },
    ("transaction-type", "code"): {
        "if": "1", "c": "2", "d": "3", "e": "4", "ir": "5", "lr": "6", "r": "7", "qp": "8",
        "qs": "9", "cg": "10",
    },
}  # fmt: skip
_TEXTS = frozenset(
    """title description reporting-org participating-org provider-org receiver-org activity-date
    recipient-country recipient-region sector""".split()
)


def is_old(version: str) -> bool:
    return version.startswith("1.")


def bring_up(activity: Element) -> None:
    """Change `activity` in place. Numbers of lines stay those of the file."""
    for node in activity.iter("*"):
        name = str(node.tag)
        for (element, attribute), known in _CODES.items():
            if name == element and (value := node.get(attribute)) is not None:
                node.set(attribute, known.get(value.strip().lower(), value))
        text = (node.text or "").strip()
        if name in _TEXTS and text and node.find("narrative") is None:
            node.text = None
            narrative = etree.Element("narrative")
            narrative.text = text
            narrative.sourceline = node.sourceline
            node.insert(0, narrative)
