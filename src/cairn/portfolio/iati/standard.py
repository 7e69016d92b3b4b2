"""A file held against the standard in three layers: schema, code lists, ruleset.

Their files are not part of Cairn. `Standard` reads a folder that holds them as IATI publishes
them: `xsd/`, `codelists/`, `codelist-mapping-2.03.xml` and `ruleset-standard-2.03.json`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

from cairn.portfolio.iati.parsing import ROOTS, Document
from cairn.portfolio.iati.ruleset import Ruleset

SCHEMA, CODELIST, RULE = "schema", "codelist", "rule"
_NAMESPACES = {"xml": "http://www.w3.org/XML/1998/namespace"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. `layer`: schema, codelist or rule; `code`: of the rule, list or error."""

    layer: str
    severity: str
    line: int
    element: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Mapped:
    """Where a list holds: elements (with their condition), and the attribute, or none for text."""

    elements: etree.XPath
    attribute: str
    codelist: str


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)


class Codelists:
    """The lists of a folder, and where each holds. Lists that the folder lacks hold nowhere."""

    def __init__(self, folder: Path, mapping: Path) -> None:
        self.codes: dict[str, frozenset[str]] = {}
        self.complete: set[str] = set()
        for path in sorted(folder.glob("*.xml")):
            root = etree.parse(path, _parser()).getroot()
            name = root.get("name") or path.stem
            self.codes[name] = frozenset(
                (code.text or "").strip() for code in root.iterfind(".//codelist-item/code")
            )
            if root.get("complete") == "1":
                self.complete.add(name)
        self.absent: set[str] = set()
        self._mapped: list[_Mapped] = []
        for entry in etree.parse(mapping, _parser()).getroot().iterfind("mapping"):
            self._take(entry)

    def _take(self, entry: Element) -> None:
        reference = entry.find("codelist")
        name = "" if reference is None else reference.get("ref") or ""
        if name not in self.codes:
            self.absent.add(name)
            return
        path = (entry.findtext("path") or "").strip()
        condition = (entry.findtext("condition") or "").strip()
        owner, _sign, attribute = path.rpartition("/@")
        if not owner:
            owner = path.removesuffix("/text()")
        step = owner.removeprefix("//") if owner != "/" else "descendant-or-self::*"
        for root, item in ROOTS.items():
            if step == root:
                return  # of the root: the reader looks at it
            if step == item:
                step = "."
            elif step.startswith(f"{item}/"):
                step = f"./{step.removeprefix(item + '/')}"
        if not step.startswith((".", "descendant")):
            step = f".//{step}"
        where = f"{step}[{condition}]" if condition else step
        self._mapped.append(_Mapped(etree.XPath(where, namespaces=_NAMESPACES), attribute, name))

    def check(self, item: Element) -> Iterator[Finding]:
        """Codes outside their list: an error where the list is complete, else a warning."""
        for mapped in self._mapped:
            known = self.codes[mapped.codelist]
            for node in mapped.elements(item):
                attribute = mapped.attribute
                if attribute.startswith("xml:"):
                    attribute = f"{{{_NAMESPACES['xml']}}}{attribute.removeprefix('xml:')}"
                value = node.get(attribute) if attribute else node.text
                if value is None or value in known:
                    continue
                yield Finding(
                    CODELIST,
                    "error" if mapped.codelist in self.complete else "warning",
                    node.sourceline or 0,
                    str(node.tag),
                    mapped.codelist,
                    f"{value[:40]!r} is not in the list {mapped.codelist}.",
                )


class Standard:
    """The three layers of one folder. Raises OSError when a file of it is missing."""

    def __init__(self, folder: Path, *, today: date) -> None:
        self.schemas = {
            item: etree.XMLSchema(etree.parse(folder / "xsd" / f"{root}-schema.xsd"))
            for root, item in ROOTS.items()
        }
        self.codelists = Codelists(folder / "codelists", folder / "codelist-mapping-2.03.xml")
        self.ruleset = Ruleset(folder / "ruleset-standard-2.03.json", today=today)

    def check(self, item: Element) -> Iterator[Finding]:
        """Everything that is wrong with one activity or organisation, layer by layer."""
        schema = self.schemas[str(item.tag)]
        if not schema.validate(item):
            for error in schema.error_log:
                yield Finding(
                    SCHEMA, "error", error.line, _last(error.path), error.type_name, error.message
                )
        yield from self.codelists.check(item)
        for broken in self.ruleset.check(item):
            yield Finding(
                RULE, broken.severity, broken.line, broken.element, broken.code, broken.message
            )

    def check_file(self, document: Document) -> Iterator[Finding]:
        """As `check`, for every element of a file. Raises IatiRefused."""
        for item in document:
            yield from self.check(item)


def _last(path: str | None) -> str:
    return (path or "").rpartition("/")[2].partition("[")[0]
