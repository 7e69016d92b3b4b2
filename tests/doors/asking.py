"""Asking an address without leaving a trace, and reading what the answer says and what it wrote."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connections, transaction
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.doors.outcome import Door
from tests.doors.stage import Subject

_WRITES = re.compile(r"\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM|REPLACE INTO) \"(\w+)\"")
# What differs from one answer to the next although nothing else does.
_TOKENS = re.compile(
    r'(?:name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|\\?"X-CSRFToken\\?": ?\\?"[^"]*")'
    r"|csrf-token\" content=\"[^\"]*\""
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`text`: the body as words; of an archive (a workbook) all its parts but its own dates.

    `wrote`: tables that were written to. `headers`: those that name places and files.
    """

    status: int
    text: str
    wrote: frozenset[str]
    headers: str

    def says(self, words: str) -> bool:
        """Whether `words` stand in the answer as words: chance letters of a token do not count."""
        told = _TOKENS.sub("", f"{self.text}\n{self.headers}")
        return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", told, re.IGNORECASE) is not None


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back at the end, in every database."""
    with ExitStack() as stack:
        for alias in connections:
            block = transaction.atomic(using=alias)
            # As in Django's own tests, so that blocks which must be outermost may stand inside.
            block._from_testcase = True  # type: ignore[attr-defined]
            stack.enter_context(block)
        try:
            yield
        finally:
            for alias in connections:
                transaction.set_rollback(True, using=alias)


@contextmanager
def writes() -> Iterator[set[str]]:
    """The names of the tables that are written to inside, as they come."""
    seen: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := _WRITES.match(sql):
            seen.add(found[1])
        return execute(sql, *rest)

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(watch))
        yield seen


class Browser(RequestFactory):
    """Somebody at a browser whose cookies stay as they are, whatever an answer does to them.

    Django's own client keeps what each page was rendered with, which takes longer than asking.
    """

    def __init__(self, cookies: str = "", *, checks_tokens: bool = False) -> None:
        super().__init__()
        self.cookies.load(cookies)
        self.handler = ClientHandler(enforce_csrf_checks=checks_tokens)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


def ask(browser: Browser, address: str, method: str = "GET", **headers: str) -> Answer:
    """One request, taken back afterwards. A form that is sent holds one field that no form has."""
    send = getattr(browser, method.lower())
    with undone(), writes() as wrote:
        response = (
            send(address, {"unknown": "-"}, headers=headers)
            if method == "POST"
            else send(address, headers=headers)
        )
        content = _content(response)
    return Answer(response.status_code, _text(content), frozenset(wrote), _named(response))


def _content(response: HttpResponseBase) -> bytes:
    return bytes(response.getvalue())


def _text(content: bytes) -> str:
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = sorted(name for name in archive.namelist() if "docProps" not in name)
            return "\n".join(
                f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in names
            )
    return content.decode("utf-8", "replace")


def _named(response: HttpResponseBase) -> str:
    names = ("Content-Disposition", "Location", "HX-Push-Url", "HX-Redirect", "Link")
    return "\n".join(f"{name}: {response[name]}" for name in names if name in response)


def plain(answer: Answer, *addresses: str) -> str:
    """The answer without its tokens, and without the address that it was asked at."""
    text = _TOKENS.sub("", answer.text)
    for address in addresses:
        text = text.replace(address, "[address]")
    return text


def every_pattern() -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of every address; one without a name by its route."""

    def walk(
        patterns: list[URLPattern | URLResolver], space: str
    ) -> Iterator[tuple[str, URLPattern]]:
        for each in patterns:
            if isinstance(each, URLResolver):
                inner = f"{space}{each.namespace}:" if each.namespace else space
                yield from walk(each.url_patterns, inner)
            else:
                yield f"{space}{each.name or each.pattern}", each

    yield from walk(get_resolver().url_patterns, "")


def address_of(name: str, door: Door, subject: Subject | None) -> str:
    """The address of `name` for a record; its one part that the table does not fix is the key."""
    parts: dict[str, str] = dict(door.fixed)
    if subject is not None:
        parts |= {part: subject.key for part in _parts()[name] if part not in parts}
    return reverse(name, kwargs=parts) + door.query


@cache
def _parts() -> dict[str, list[str]]:
    """The names of the parts of each address."""
    return {name: list(pattern.pattern.converters) for name, pattern in every_pattern()}
