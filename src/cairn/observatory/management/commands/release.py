"""./cairn release build|attack|sign|publish: releases of statistics at the console.

Whoever acts shows who it is, here as on the page: the pass phrase, then a code of the app where
the account has one. Attempts are counted as those of the page are, and the same rules follow.
Where there is no terminal, both are read from the input, a line each.
"""

import sys
from argparse import ArgumentParser
from datetime import date
from getpass import getpass
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import HttpRequest
from django.utils import timezone

from cairn.access.factors import has_second_factor
from cairn.access.forms import CodeForm
from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.observatory import building
from cairn.observatory.actions import releases, signing
from cairn.observatory.actions.releases import Plan
from cairn.observatory.attacking import attacked
from cairn.observatory.models import Release
from cairn.observatory.queries import releases as queries
from cairn.observatory.rules.pipeline import Period, Step, Way
from cairn.observatory.rules.protecting import columns_of


class Command(BaseCommand):
    help = "Build, attack, sign or publish a release of statistics."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="begin a release and build it, or go on with one")
        build.add_argument("code", nargs="?", default="", help="of a release that was begun")
        build.add_argument("--source", default="", help="what is counted")
        build.add_argument("--since", metavar="DAY", default="", help="first day, as 2025-01-01")
        build.add_argument("--until", metavar="DAY", default="", help="last day, included")
        build.add_argument("--title", default="")
        build.add_argument("--columns", default="", help="of an open cube, such as age,sex")
        build.add_argument(
            "--table",
            default="",
            help="exact tables instead of a cube, such as age,sex;sex,country",
        )
        build.add_argument("--apart", action="store_true", help="never put small areas together")
        for verb, words in (
            ("attack", "attack a release with all that went out, and store nothing"),
            ("sign", "sign a release, as one of two persons who did not build it"),
            ("publish", "publish a release that two persons signed"),
        ):
            verbs.add_parser(verb, help=words).add_argument("code")
        for each in verbs.choices.values():
            each.add_argument("--as", dest="user", required=True, help="user name of who acts")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = _signed_in(options["user"])
        try:
            {
                "build": self._build,
                "attack": self._attack,
                "sign": self._sign,
                "publish": self._publish,
            }[options["verb"]](actor, options)
        except Release.DoesNotExist:
            raise CommandError(f"There is no release {options['code']}.") from None
        except PermissionDenied:
            raise CommandError(f"{options['user']} may not do this.") from None
        except RuleBroken as refusal:
            raise CommandError(f"{refusal} ({refusal.code})") from None

    def _build(self, actor: Actor, options: dict[str, Any]) -> None:
        code = options["code"] or releases.begin(actor, _plan(options)).code
        self.stdout.write(f"{code}: building")
        release = releases.build(
            actor, code, tell=lambda step: self.stdout.write(f"  {step.label} ...")
        )
        self._report(actor, release)

    def _report(self, actor: Actor, release: Release) -> None:
        for step, each in queries.artefacts(actor, release).items():
            self.stdout.write(f"  {step:<8} {each.digest}")
        self.stdout.write(f"{release.code}: {release.get_state_display()}")
        attack = queries.artefacts(actor, release).get(Step.ATTACK)
        if attack is not None:
            self._findings(release, attack.summary)

    def _findings(self, release: Release, summary: Any) -> None:
        verdict = "withstands the attack" if summary["passes"] else "does not withstand the attack"
        self.stdout.write(f"{release.code} {verdict} ({summary['questions']} questions).")
        for line in queries.findings(release, summary, queries.series_of(release, None)):
            self.stdout.write(f"  {line}")

    def _attack(self, actor: Actor, options: dict[str, Any]) -> None:
        release = queries.find(actor, options["code"])
        protect = queries.artefacts(actor, release).get(Step.PROTECT)
        if protect is None or protect.payload is None:
            raise CommandError(f"{release.code} has no protected figures to attack.")
        this = building.issued(release, protect.payload)
        self._findings(release, attacked(this, building.linked(release)).record())

    def _sign(self, actor: Actor, options: dict[str, Any]) -> None:
        release = queries.find(actor, options["code"])
        attack = queries.artefacts(actor, release).get(Step.ATTACK)
        if attack is None:
            raise CommandError(f"{release.code} has not been attacked yet.")
        self.stdout.write(f"{release.code}: {release.title}")
        self._findings(release, attack.summary)
        self.stdout.write(f"You sign this hash:\n  {attack.digest}")
        self.stdout.write("Look at the figures on the page of the release before you go on.")
        typed = _asked("Its first eight signs, if you stand for it: ")
        if typed != attack.digest[: len("12345678")]:
            raise CommandError("These are not its first eight signs. Nothing was signed.")
        release = signing.sign(actor, release.code, attack.digest)
        self.stdout.write(f"{release.code}: {release.get_state_display()}")

    def _publish(self, actor: Actor, options: dict[str, Any]) -> None:
        release = signing.publish(actor, options["code"])
        self.stdout.write(f"{release.code}: {release.get_state_display()}")


def _plan(options: dict[str, Any]) -> Plan:
    try:
        period = Period(date.fromisoformat(options["since"]), date.fromisoformat(options["until"]))
    except ValueError:
        raise CommandError("Give --since and --until as days, such as 2025-01-01.") from None
    way = Way.TABLE if options["table"] else Way.CUBE
    columns = columns_of(options["table"] or options["columns"])
    title = options["title"] or f"{options['source']}, {options['since']} to {options['until']}"
    most = Release._meta.get_field("title").max_length or 0
    if len(title) > most:
        raise CommandError(f"A title has at most {most} signs.")
    return Plan(title, options["source"], way, period, columns, is_merged=not options["apart"])


def _signed_in(username: str) -> Actor:
    """Who acts, after the pass phrase and, where there is one, the second factor."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    try:
        user = get_adapter(request).authenticate(
            request, username=username.strip().lower(), password=_asked("Pass phrase: ", True)
        )
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages)) from None
    if not isinstance(user, User):
        raise CommandError("This user name and pass phrase do not open an account.")
    shown = has_second_factor(user)
    if shown:
        form = CodeForm(request, user, {"code": _asked("Code of the app: ", True)})
        if not form.is_valid():
            raise CommandError(" ".join(str(each) for each in form.errors["code"]))
    actor = actor_for(user, today=timezone.localdate(), second_factor=shown)
    if actor.awaits_second_factor:
        raise CommandError("Your role needs a second factor. Set one up on the page first.")
    return actor


def _asked(prompt: str, secret: bool = False) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip("\n")
    return getpass(prompt) if secret else input(prompt).strip()
