"""./cairn invite: the first account of an installation, or the way back for who lost everything."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from cairn.access.accounts.invitations import invite, offer_reset
from cairn.access.accounts.models import VALID_FOR
from cairn.access.actions.memberships import Place
from cairn.access.models import Membership
from cairn.access.queries import SYSTEM
from cairn.access.roles import LABELS
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, OrganisationKind


class Command(BaseCommand):
    help = "Print a link that opens a new account once, or gives an account a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", choices=list(LABELS), help="role of the new account")
        parser.add_argument("--organisation", help="its name; made when there is none of that name")
        parser.add_argument("--country", default="", help="ISO 3166-1 alpha-3, to narrow the role")
        parser.add_argument("--reset", metavar="USER", help="for this existing account instead")
        parser.add_argument(
            "--address",
            default="http://localhost:8000",
            help="how people reach this installation (the link begins with it)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = self._reset(options) if options["reset"] else self._new(options)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        hours = int(VALID_FOR.total_seconds() // 3600)
        self.stdout.write(f"{options['address'].rstrip('/')}/invitation/{token}/")
        self.stdout.write(f"Works once, for {hours} hours. It is not shown again.")

    def _new(self, options: dict[str, Any]) -> str:
        if not options["role"] or not options["organisation"]:
            raise CommandError("Say --role and --organisation, or --reset USER.")
        name = options["organisation"].strip()
        organisation = Organisation.objects.filter(name__iexact=name).first()
        if organisation is None:
            organisation = Organisation.objects.create(
                name=name, slug=slugify(name)[:80], kind=OrganisationKind.OTHER
            )
        place = Place(organisation, country=options["country"].upper())
        return invite(SYSTEM, options["role"], place)[1]

    def _reset(self, options: dict[str, Any]) -> str:
        found = Membership.objects.filter(user__username=options["reset"].strip().lower())
        membership = found.select_related("organisation").first()
        if membership is None:
            raise CommandError(f"No account {options['reset']} with a role.")
        return offer_reset(SYSTEM, options["reset"], Place(membership.organisation))[1]
