"""./cairn report NAME: the documents of the portfolio as JSON, PDF or web page."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC, Actor
from cairn.portfolio import reports
from cairn.portfolio.models import Project


class Command(BaseCommand):
    help = "Write a document: project-page REFERENCE, partnership-folder, or findings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _ in settings.LANGUAGES]
        parser.add_argument("name", choices=["project-page", "partnership-folder", "findings"])
        parser.add_argument("reference", nargs="?", help="project, for project-page")
        parser.add_argument("--format", choices=["json", "pdf", "html"], default="json")
        parser.add_argument("--out", type=Path, help="file to write; standard output without it")
        parser.add_argument("--language", choices=languages, default="en")
        parser.add_argument("--public", action="store_true", help="only what the public may see")

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

    def _findings(self, actor: Actor, kind: str, language: str) -> bytes:
        if kind != "json":
            raise CommandError("findings are given as JSON; the folder's annex has them as PDF.")
        return (
            json.dumps(reports.findings(actor, language), ensure_ascii=False, indent=2) + "\n"
        ).encode()

    def _progress(self, done: int, total: int, what: str = "") -> None:
        if sys.stderr.isatty() or done == total or done % 500 == 0:
            self.stderr.write(f"{what or 'projects'} {done} of {total}")
