"""./cairn iati-export FILE: what the public sees of the projects, as aid data (IATI 2.03)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC
from cairn.portfolio.actions.iati import note_iati_export
from cairn.portfolio.exports import iati
from cairn.portfolio.iati.parsing import Document
from cairn.portfolio.iati.standard import Standard
from cairn.portfolio.models import Project
from cairn.portfolio.queries import iati as queries
from cairn.portfolio.queries.listing import Filters
from cairn.portfolio.queries.project import find_project


class Command(BaseCommand):
    help = (
        "Write the activities file of all published projects, or of one; with --organisation the "
        "organisation file. With --standard the file is checked against schema, code lists and "
        "ruleset in a folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", action="store_true")
        parser.add_argument("--project", default="", help="reference of one published project")
        parser.add_argument("--country", default="", help="alpha-3 code: projects that name it")
        parser.add_argument("--standard", type=Path, help="folder with the files of the standard")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        kind = "organisation" if options["organisation"] else "activities"
        found = queries.published(Filters(country=options["country"]))
        if options["project"]:
            try:
                found = found.filter(pk=find_project(PUBLIC, options["project"]).pk)
            except Project.DoesNotExist:
                raise CommandError(
                    f"No project “{options['project']}” is published under that reference."
                ) from None
        now = timezone.now()
        try:
            parts = (
                iati.organisation(now=now)
                if options["organisation"]
                else iati.activities(found, now=now)
            )
            with path.open("wb") as stream:
                stream.writelines(parts)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        count = 1 if options["organisation"] else found.count()
        note_iati_export(SYSTEM, kind, count)
        self.stdout.write(f"{kind}: {count} written to {path}")
        if options["standard"]:
            self._check(path, options["standard"])

    def _check(self, path: Path, folder: Path) -> None:
        try:
            standard = Standard(folder, today=timezone.localdate())
        except OSError as error:
            raise CommandError(f"{folder}: {error}") from None
        errors = 0
        with path.open("rb") as stream:
            for each in standard.check_file(Document(stream)):
                errors += each.severity == "error"
                self.stdout.write(
                    f"line {each.line}, {each.element}: {each.message} "
                    f"[{each.layer} {each.code}, {each.severity}]"
                )
        if errors:
            raise CommandError(f"{errors} errors against the standard.")
        self.stdout.write("Nothing in it is against the standard.")
