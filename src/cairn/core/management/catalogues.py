"""Translation catalogues without the gettext programs: extract, merge, check, fill, compile.

A message is found by its key: the English text, with `context + EOT` before it when the code
gives a context, as gettext itself writes it. Catalogues are sorted by key and carry file names
but no line numbers, so that a moved line changes nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.utils.translation.template import templatize

EOT = "\x04"  # between context and text, as in compiled catalogues
KEYWORDS = {
    "_": None,
    "_now": None,  # gettext where `_` is the lazy one
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Plural rules: the ones that Django's own catalogues use for these languages (Unicode CLDR
# gives the same classes). `without_number`: forms that name one number only, so that the text
# may leave the figure out ("one project", the Arabic dual).
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
}
WITHOUT_NUMBER = {"fr": {0}, "ar": {0, 1, 2}}
SKIPPED_FOLDERS = {"tests", "migrations", "__pycache__"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)[^{}]*\}")
STRAY_PERCENT = re.compile(r"%(?!%|\()")


@dataclass(slots=True)
class Message:
    """One text. `strings` has one entry, or one for each plural form; all empty: untranslated."""

    singular: str
    plural: str = ""
    context: str = ""
    strings: list[str] = field(default_factory=list)
    fuzzy: bool = False
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.context}{EOT}{self.singular}" if self.context else self.singular

    @property
    def is_translated(self) -> bool:
        return bool(self.strings) and all(self.strings) and not self.fuzzy


Messages = dict[str, Message]


def forms(language: str) -> int:
    """How many plural forms a language has."""
    return int(PLURALS[language].removeprefix("nplurals=").partition(";")[0])


def extract(source: Path) -> Messages:
    """Every text that the code and the templates under `source` hand to gettext."""
    found: Messages = {}
    for path in sorted(source.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or _is_skipped(path):
            continue
        name = path.relative_to(source).as_posix()
        if path.suffix == ".py":
            texts = _texts(path.read_bytes())
        elif "templates" in path.parts:
            texts = _texts(_as_python(path.read_text(), name))
        else:
            continue
        for message in texts:
            kept = found.setdefault(message.key, message)
            kept.plural = kept.plural or message.plural
            kept.files.add(name)
            kept.comments += [line for line in message.comments if line not in kept.comments]
    return found


def _is_skipped(path: Path) -> bool:
    """True in folders whose texts nobody reads; templates about tests are read."""
    folders = path.parts[:-1]
    if "templates" in folders:
        folders = folders[: folders.index("templates")]
    return not SKIPPED_FOLDERS.isdisjoint(folders)


def _as_python(template: str, name: str) -> bytes:
    """Django's own view of a template as calls of gettext; unindented, as it is no real code."""
    lines = templatize(template, origin=name).splitlines()
    return "\n".join(line.strip() for line in lines).encode()


def _texts(code: bytes) -> Iterator[Message]:
    calls = extract_python("python", BytesIO(code), KEYWORDS, ["Translators:"], {})
    for _line, texts, comments, context in calls:
        singular, plural = (texts, "") if isinstance(texts, str) else (texts[0], texts[1])
        if singular:
            yield Message(singular, plural, context or "", comments=list(comments))


def read(path: Path, language: str) -> Messages:
    """The catalogue file of a language; empty when there is none."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    messages: Messages = {}
    for entry in catalogue:
        if not entry.id:
            continue
        singular, plural = (entry.id, "") if isinstance(entry.id, str) else entry.id
        string = entry.string or ""
        strings = [string] if isinstance(string, str) else list(string)
        message = Message(singular, plural, entry.context or "", strings, entry.fuzzy)
        message.files = {name for name, _line in entry.locations}
        message.comments = list(entry.auto_comments)
        messages[message.key] = message
    return messages


def merge(extracted: Messages, old: Messages, language: str) -> Messages:
    """What the code says today, with the translations there are; the rest is dropped."""
    merged = {}
    for key, message in sorted(extracted.items()):
        known = old.get(key)
        fitting = known if known and bool(known.plural) == bool(message.plural) else None
        merged[key] = Message(
            message.singular,
            message.plural,
            message.context,
            fitting.strings if fitting else [""] * (forms(language) if message.plural else 1),
            # A new plural text may mean something else than the one that was translated.
            bool(fitting and (fitting.fuzzy or fitting.plural != message.plural)),
            message.files,
            message.comments,
        )
    return merged


def as_text(messages: Messages, language: str) -> str:
    """A catalogue file: sorted, with a header that never changes by itself."""
    blocks = [
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: Cairn\\n"\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n'
    ]
    for _key, message in sorted(messages.items()):
        lines = [f"#. {comment}" for comment in message.comments]
        lines += [f"#: {name}" for name in sorted(message.files)]
        flags = ["fuzzy"] if message.fuzzy else []
        flags += ["python-format"] if PLACEHOLDER.search(message.singular + message.plural) else []
        lines += [f"#, {', '.join(flags)}"] if flags else []
        lines += [f"msgctxt {normalize(message.context)}"] if message.context else []
        lines += [f"msgid {normalize(message.singular)}"]
        if message.plural:
            lines += [f"msgid_plural {normalize(message.plural)}"]
            lines += [f"msgstr[{n}] {normalize(text)}" for n, text in enumerate(message.strings)]
        else:
            lines += [f"msgstr {normalize(message.strings[0])}"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def placeholders(text: str) -> frozenset[str]:
    """The names in a text: `%(name)s` and `{name}`."""
    return frozenset(one or other for one, other in PLACEHOLDER.findall(text))


def mismatches(message: Message, language: str) -> list[str]:
    """Where the placeholders of a translation are not those of the text; sentences for people."""
    source = placeholders(message.singular) | placeholders(message.plural)
    problems = []
    for number, text in enumerate(message.strings):
        if not text:
            continue
        names = placeholders(text)
        missing = source - names
        may_lack = bool(message.plural) and number in WITHOUT_NUMBER[language]
        if extra := names - source:
            problems.append(f"has {_listed(extra)}, which the text does not have")
        if len(missing) > may_lack:
            problems.append(f"lacks {_listed(missing)}")
        if source and STRAY_PERCENT.search(text.replace("%%", "")):
            problems.append("has a lone % (write %%)")
    return problems


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def findings(extracted: Messages, catalogue: Messages, language: str) -> list[str]:
    """All that keeps a catalogue from being complete, one line each; empty when it is."""
    lines = []
    for key, message in sorted(extracted.items()):
        shown = repr(key.replace(EOT, " | "))
        known = catalogue.get(key)
        if known is None or known.plural != message.plural:
            lines.append(f"{language}: {shown} is not in the catalogue")
        elif known.fuzzy:
            lines.append(f"{language}: {shown} is marked fuzzy")
        elif not known.is_translated:
            lines.append(f"{language}: {shown} is not translated")
        else:
            lines += [f"{language}: {shown} {what}" for what in mismatches(known, language)]
    lines += [
        f"{language}: {key.replace(EOT, ' | ')!r} is in no code any more"
        for key in sorted(set(catalogue) - set(extracted))
    ]
    return lines


def missing(catalogue: Messages) -> dict[str, object]:
    """What is untranslated, in the shape that `fill` takes: an empty text, or plural and forms."""
    return {
        key: {"plural": message.plural, "forms": [""] * len(message.strings)}
        if message.plural
        else ""
        for key, message in sorted(catalogue.items())
        if not message.is_translated
    }


def fill(
    catalogue: Messages, translations: Mapping[str, object], language: str
) -> tuple[list[str], list[str]]:
    """Put translations in, unless one of them is wrong: then (problems, unknown keys) say what.

    A value is a text, or for plurals a list of forms or {"forms": list}; empty ones are passed
    over. Keys that no text has are returned and otherwise ignored.
    """
    problems: list[str] = []
    unknown: list[str] = []
    ready: list[Message] = []
    for key, value in translations.items():
        message = catalogue.get(key)
        if message is None:
            unknown.append(key)
            continue
        strings = _strings(value)
        if strings is None or (any(strings) and len(strings) != len(message.strings)):
            problems.append(f"{key!r} needs {len(message.strings)} texts")
        elif all(strings):
            filled = Message(message.singular, message.plural, message.context, strings)
            filled.files, filled.comments = message.files, message.comments
            problems += [f"{key!r} {what}" for what in mismatches(filled, language)]
            ready.append(filled)
    if not problems:
        catalogue.update({message.key: message for message in ready})
    return problems, unknown


def _strings(value: object) -> list[str] | None:
    if isinstance(value, Mapping):
        value = value.get("forms")
    if isinstance(value, str):
        return [value]
    if isinstance(value, Sequence) and all(isinstance(text, str) for text in value):
        return list(value)
    return None


def compiled(messages: Messages, language: str) -> bytes:
    """The machine-readable catalogue; untranslated and fuzzy texts stay out, so English shows."""
    catalogue: Catalog = read_po(BytesIO(as_text({}, language).encode()), locale=language)
    for message in messages.values():
        if message.is_translated:
            identity = (message.singular, message.plural) if message.plural else message.singular
            strings = tuple(message.strings) if message.plural else message.strings[0]
            catalogue.add(identity, strings, context=message.context or None)
    output = BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()
