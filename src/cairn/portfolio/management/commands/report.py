"""./cairn report NAME: a document as JSON, PDF, web page or workbook."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.portfolio import reports
from cairn.portfolio.models import Project

OWN = ("project-page", "partnership-folder", "findings")


def _options(more: Mapping[str, reports.Registered]) -> dict[str, tuple[str, list[str]]]:
    """Every option of the registered documents: what it is, and which of them take it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in more.values():
        for option in one.options:
            found.setdefault(option.name, (option.help, []))[1].append(one.name)
    return found


def _asked(one: reports.Registered, options: Mapping[str, Any]) -> dict[str, str]:
    """What was given by the options of a document. Raises CommandError for those of another."""
    given = {name: options[name] for name in _options(reports.registered()) if options.get(name)}
    own = [option.name for option in one.options]
    if others := sorted(name for name in given if name not in own):
        takes = ", ".join(f"--{name}" for name in own) or "none of these options"
        raise CommandError(f"{one.name} knows no --{', --'.join(others)}. It takes {takes}.")
    return given


class Command(BaseCommand):
    help = (
        "Write a document: project-page REFERENCE, partnership-folder, findings, or one of those "
        "that other parts of Cairn offer, such as event REFERENCE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _ in settings.LANGUAGES]
        more = reports.registered()
        kinds = dict.fromkeys(
            (
                *reports.KINDS,
                *reports.formats(),
                *(kind for one in more.values() for kind in one.kinds),
            )
        )
        parser.add_argument("name", choices=[*OWN, *more])
        parser.add_argument("reference", nargs="?", help="what the document is about: P49, E01")
        parser.add_argument("--project", help="the same, where a document is about a project")
        parser.add_argument("--format", choices=list(kinds), default="json")
        parser.add_argument("--out", type=Path, help="file to write; standard output without it")
        parser.add_argument("--language", choices=languages, default="en")
        parser.add_argument("--public", action="store_true", help="only what the public may see")
        for name, (help_text, reported) in _options(more).items():
            parser.add_argument(f"--{name}", help=f"{help_text} ({', '.join(reported)})")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = PUBLIC if options["public"] else SYSTEM
        content = self._content(actor, options)
        if options["out"]:
            options["out"].write_bytes(content)
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()

    def _content(self, actor: Actor, options: dict[str, Any]) -> bytes:
        kind, language = options["format"], options["language"]
        today = timezone.localdate()
        if options["name"] not in OWN:
            return self._registered(actor, options)
        own = (*reports.KINDS, *reports.formats())
        if kind not in own:
            raise CommandError(f"This document comes as {', '.join(own)}.")
        if options["name"] == "findings":
            return self._findings(actor, kind, language)
        if options["name"] == "partnership-folder":
            return reports.folder(actor, kind, language, today=today, progress=self._progress)
        if not options["reference"]:
            raise CommandError("project-page needs a reference, for example P49.")
        try:
            return reports.project_page(actor, options["reference"], kind, language, today=today)
        except Project.DoesNotExist:
            raise CommandError(
                f"There is no project “{options['reference']}”. References look like P49."
            ) from None

    def _registered(self, actor: Actor, options: dict[str, Any]) -> bytes:
        one = reports.registered()[options["name"]]
        if options["format"] not in one.kinds:
            raise CommandError(f"This document comes as {', '.join(one.kinds)}.")
        reference = options["reference"] or options["project"] or ""
        try:
            return one.render(
                actor,
                reference,
                options["format"],
                options["language"],
                timezone.localdate(),
                _asked(one, options),
            )
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        except ObjectDoesNotExist:
            raise CommandError(
                f"There is no “{reference}” for “{one.name}”. References look like P49 or E01."
            ) from None

    def _findings(self, actor: Actor, kind: str, language: str) -> bytes:
        if kind != "json":
            raise CommandError("findings are given as JSON; the folder's annex has them as PDF.")
        return (
            json.dumps(reports.findings(actor, language), ensure_ascii=False, indent=2) + "\n"
        ).encode()

    def _progress(self, done: int, total: int, what: str = "") -> None:
        if sys.stderr.isatty() or done == total or done % 500 == 0:
            self.stderr.write(f"{what or 'projects'} {done} of {total}")
