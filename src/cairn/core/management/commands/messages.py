"""./cairn messages: keep the translation catalogues in step with the code."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cairn.core.management import catalogues

SOURCE = Path(__file__).resolve().parents[3]  # the package `cairn`


class Command(BaseCommand):
    help = "Extract the texts of code and templates into the catalogues; no gettext program needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = sorted(catalogues.PLURALS)
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 with what is incomplete"
        )
        one.add_argument(
            "--compile", action="store_true", help="write the files that the server reads"
        )
        one.add_argument(
            "--missing",
            choices=languages,
            metavar="LANGUAGE",
            help="print the untranslated texts as JSON, in the shape that --fill takes",
        )
        one.add_argument(
            "--fill",
            nargs=2,
            metavar=("FILE", "LANGUAGE"),
            help="put translations in: a JSON object of text -> translation (or list of forms)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["compile"]:
            self._compile(options["verbosity"])
        elif options["missing"]:
            language = options["missing"]
            messages = self._current(language)
            self.stdout.write(
                json.dumps(catalogues.missing(messages), ensure_ascii=False, indent=1)
            )
        elif options["fill"]:
            self._fill(*options["fill"])
        else:
            self._update()

    def _path(self, language: str) -> Path:
        return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"

    def _read(self, language: str) -> catalogues.Messages:
        return catalogues.read(self._path(language), language)

    def _current(self, language: str) -> catalogues.Messages:
        return catalogues.merge(catalogues.extract(SOURCE), self._read(language), language)

    def _write(self, language: str, messages: catalogues.Messages) -> None:
        path = self._path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogues.as_text(messages, language))

    def _update(self) -> None:
        extracted = catalogues.extract(SOURCE)
        for language in catalogues.PLURALS:
            old = self._read(language)
            merged = catalogues.merge(extracted, old, language)
            self._write(language, merged)
            self.stdout.write(
                f"{language}: {len(merged)} texts, {len(catalogues.missing(merged))} untranslated, "
                f"{len(set(merged) - set(old))} new, {len(set(old) - set(merged))} dropped"
            )

    def _check(self) -> None:
        extracted = catalogues.extract(SOURCE)
        found = [
            line
            for language in catalogues.PLURALS
            for line in catalogues.findings(extracted, self._read(language), language)
        ]
        if found:
            self.stdout.write("\n".join(found))
            raise CommandError(
                f"{len(found)} findings. Remedy: ./cairn messages, then translate what "
                "./cairn messages --missing LANGUAGE prints.",
                returncode=1,
            )
        self.stdout.write(f"{len(extracted)} texts, complete in every language.")

    def _compile(self, verbosity: int) -> None:
        for language in catalogues.PLURALS:
            path = self._path(language)
            if not path.exists():
                continue
            content = catalogues.compiled(self._read(language), language)
            draft = path.with_suffix(".draft")
            draft.write_bytes(content)
            draft.replace(path.with_suffix(".mo"))
            if verbosity > 1:
                self.stdout.write(f"{language}: {len(content)} bytes")

    def _fill(self, file: str, language: str) -> None:
        if language not in catalogues.PLURALS:
            raise CommandError(f"{language!r} is not one of {', '.join(catalogues.PLURALS)}.")
        try:
            translations = json.loads(Path(file).read_text())
        except (OSError, ValueError) as problem:
            raise CommandError(f"{file} cannot be read as JSON: {problem}") from None
        if not isinstance(translations, dict):
            raise CommandError(f"{file} is not a JSON object of text -> translation.")
        messages = self._current(language)
        problems, unknown = catalogues.fill(messages, translations, language)
        for key in unknown:
            self.stderr.write(f"No such text, passed over: {key!r}")
        if problems:
            raise CommandError("Nothing was filled.\n" + "\n".join(problems))
        self._write(language, messages)
        left = len(catalogues.missing(messages))
        self.stdout.write(f"{language}: {len(messages)} texts, {left} untranslated")
