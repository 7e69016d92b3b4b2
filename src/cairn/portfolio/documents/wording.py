"""How a document says things: labels and figures of one language, and the shape of its blocks.

A block is a mapping with `kind` that the Typst library lays out: heading, own-heading, prose,
table, facts, list, figures, note, remark, bars, picture.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cairn.portfolio.documents import figures
from cairn.portfolio.documents.labels import labels

Block = dict[str, Any]

# Marks that printed sources put before the items of a list; the last two are from symbol fonts.
_BULLET = re.compile("^\\s*(?:[-*•–▪◦·○●■\uf0b7\uf0a7]|o(?=\\s{1,3}[A-Z]))\\s+(?=\\S)")
_BRACES = re.compile(r"\{(\w+)\}")
# A line that ends a sentence ends its paragraph too.
_ENDS = (".", "!", "?", ":", "؟", "。", "।")


@dataclass(frozen=True, slots=True)
class Wording:
    """Labels and formats of one document. `code`: its language."""

    code: str
    labels: Mapping[str, str]

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Wording":
        """From a payload; labels that it does not carry are looked up."""
        language = str(payload["language"])
        return cls(language, {**labels(language), **(payload.get("labels") or {})})

    def __getitem__(self, key: str) -> str:
        return self.labels[key]

    def say(self, key: str, **values: object) -> str:
        """A label with its braces filled. Values are placed as they are, braces and all."""
        return _BRACES.sub(lambda match: str(values.get(match[1], match[0])), self.labels[key])

    def money(self, value: Any, unknown: str | None = None) -> str:
        """Number in US dollars, a printed text as it is, or what stands for nothing recorded."""
        unknown = self["unknown"] if unknown is None else unknown
        if isinstance(value, str):
            return value or unknown
        return unknown if value is None else figures.amount(value, self.code)

    def plain(self, value: Any) -> str:
        """A number without unit, a text as it is, or the dash."""
        if value is None or value == "":
            return self["dash"]
        return value if isinstance(value, str) else figures.count(value, self.code)

    def dollars(self, value: Any) -> str:
        """US dollars for a column that names them, a printed text as it is, or the dash."""
        if isinstance(value, int | float):
            return figures.dollars(value, self.code)
        return self.plain(value)

    def other_money(self, value: Any, currency: str) -> str:
        """An amount in the currency of its pledge (ISO 4217 code)."""
        if not isinstance(value, int | float):
            return self.plain(value)
        return figures.amount(value, self.code, currency)

    def day(self, value: Any) -> str:
        return figures.day(value, self.code, self["dash"])

    def join(self, items: Iterable[str]) -> str:
        return self["comma"].join(item for item in items if item)


def first_upper(text: Any) -> str:
    """A text that starts a cell, with a capital where its script has one."""
    shown = str(text or "")
    return shown[:1].upper() + shown[1:]


def heading(level: int, text: str) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def note(text: str) -> Block:
    return {"kind": "note", "text": text}


def prose(text: Any, language: str) -> list[Block]:
    """A longer text in `language` as one block; none when the text is empty."""
    parts = paragraphs(str(text or ""))
    return [{"kind": "prose", "parts": parts, "lang": language}] if parts else []


def paragraphs(text: str) -> list[dict[str, Any]]:
    """Parts of a plain text.

    Blank lines and lines that end a sentence end a paragraph; lines with bullets become a list.
    Each part has `kind` ("text" or "list"), `text` (all of it) and, for a list, `items`.
    """
    parts: list[dict[str, Any]] = []
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        for line in chunk.splitlines():
            item = _BULLET.sub("", line).strip()
            if not item:
                continue
            kind = "list" if _BULLET.match(line) else "text"
            last = parts[-1] if parts else None
            if last and last["kind"] == kind and not last["ended"]:
                last["items"].append(item)
            else:
                last = {"kind": kind, "items": [item], "ended": False}
                parts.append(last)
            last["ended"] = kind == "text" and item.endswith(_ENDS)
        if parts and parts[-1]["kind"] == "text":
            parts[-1]["ended"] = True
    return [
        {"kind": part["kind"], "items": part["items"], "text": "\n".join(part["items"])}
        for part in parts
    ]


def column(
    label: str, *, side: str = "start", width: float | str = "auto", lang: str | None = None
) -> Block:
    """A table column. `width`: "auto" or shares of the free width; `lang`: of its texts."""
    made: Block = {"label": label, "side": side, "width": width}
    return {**made, "lang": lang} if lang else made


def table(
    columns: Sequence[Block], rows: Sequence[Sequence[str]], total: Sequence[str] | None = None
) -> Block:
    made: Block = {"kind": "table", "columns": list(columns), "rows": [list(row) for row in rows]}
    return {**made, "total": list(total)} if total else made


def fact(label: str, values: Iterable[str], lang: str | None = None) -> list[Block]:
    """One line of a fact list; none when there is no value. `lang`: language of the values."""
    shown = [value for value in values if value]
    if not shown:
        return []
    return [{"label": label, "values": shown, **({"lang": lang} if lang else {})}]
