"""The notices file: every package that Cairn runs or is built with, and under which licence.

Read from the metadata of the installed packages, so that nobody has to remember it.
"""

import re
from dataclasses import dataclass
from importlib import metadata

PIN = re.compile(r"(?m)^([a-z0-9][a-z0-9._-]*)==([^\s;]+)")
# Packages whose metadata is silent or vague: read from the licence file inside the package.
READ_IN_PACKAGE = {
    "axe-playwright-python": "MIT",  # the axe-core script inside it: see PARTS
    "blinker": "MIT",
    "boolean-py": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",  # Windows only, so not installed everywhere
    "django-csp": "BSD-3-Clause",
    "duckdb": "MIT",
    "fido2": "BSD-2-Clause",  # parts under Apache-2.0 and MPL-2.0, all in its licence files
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "pathspec": "MPL-2.0",
    "patsy": "BSD-2-Clause",
    "pip-api": "Apache-2.0",
    "pip-audit": "Apache-2.0",
    "pip-requirements-parser": "MIT",
    "pyrage": "MIT",
    "pytest-django": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",  # its wheel brings libgfortran, under the GCC runtime exception
    "segno": "BSD-3-Clause",
    "sortedcontainers": "Apache-2.0",
    "sqlparse": "BSD-3-Clause",
    "tomli": "MIT",
    "tomli-w": "MIT",
    "tzdata": "Apache-2.0",  # Windows only, so not installed everywhere
    "uv": "Apache-2.0 OR MIT",
    "defusedxml": "PSF-2.0",
}
# Works of others that reach people inside those packages or inside this repository.
PARTS = (
    ("htmx 2", "inside django-htmx", "0BSD"),
    ("Noto Sans, Noto Sans Arabic", "inside fontpkg-noto-sans, -arabic", "OFL-1.1"),
    ("Vega, Vega-Lite", "inside vl-convert-python", "BSD-3-Clause"),
    ("libxml2, libxslt", "inside lxml", "MIT"),
    ("Natural Earth country shapes", "in this repository", "public domain"),
    ("axe-core", "inside axe-playwright-python, for tests only", "MPL-2.0"),
)
STRONG_COPYLEFT = re.compile(r"\bA?GPL-", re.ASCII)
SPDX_LIKE = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    name: str
    version: str
    licence: str


def pinned(requirements: str) -> dict[str, str]:
    """Package -> version of a requirements text."""
    return dict(PIN.findall(requirements))


def licence_of(name: str) -> str:
    """An SPDX expression. Raises LookupError when the package is absent or states none."""
    if name in READ_IN_PACKAGE:
        return READ_IN_PACKAGE[name]
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        raise LookupError(f"{name} is not installed: is the development set there?") from None
    for key in ("License-Expression", "License"):
        value = stated[key].strip() if key in stated else ""
        if SPDX_LIKE.fullmatch(value):
            return value
    raise LookupError(f"{name} states no licence: read its licence file and add it to the table.")


def packages(pins: dict[str, str]) -> list[Package]:
    """Each with its licence, by name. Raises LookupError as `licence_of` does."""
    return sorted(Package(name, version, licence_of(name)) for name, version in pins.items())


def unwelcome(running: list[Package]) -> list[str]:
    """Run-time packages whose licence would bind Cairn itself; LGPL and MPL do not."""
    return [
        f"{package.name} is under {package.licence}: Cairn may not depend on it to run."
        for package in running
        if STRONG_COPYLEFT.search(re.sub(r"\bLGPL-", "", package.licence))
    ]


def as_text(running: list[Package], building: list[Package]) -> str:
    """The whole of NOTICES.md."""
    return "\n".join(
        [
            "# Notices",
            "",
            "Cairn is licensed under Apache-2.0 (see LICENSE). It uses the works of others listed",
            "here, each under its own licence; none of them is copied into this repository unless",
            "the table says so. `./cairn notices` writes this file.",
            "",
            "## To run",
            "",
            *_table([(each.name, each.version, each.licence) for each in running], "Version"),
            "",
            "## Works inside them, and data",
            "",
            *_table(list(PARTS), "Where"),
            "",
            "## Only to develop and test",
            "",
            *_table([(each.name, each.version, each.licence) for each in building], "Version"),
            "",
        ]
    )


def _table(rows: list[tuple[str, str, str]], second: str) -> list[str]:
    return [
        f"| Work | {second} | Licence |",
        "|---|---|---|",
        *(f"| {one} | {two} | {three} |" for one, two, three in rows),
    ]
