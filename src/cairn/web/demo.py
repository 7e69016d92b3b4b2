"""What a newcomer finds: the real portfolio, and invented accounts for every role."""

import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cairn.access.accounts import demo_code
from cairn.access.actions import create_demo_users, demo_accounts
from cairn.access.models import User
from cairn.access.queries import SYSTEM
from cairn.access.roles import LABELS
from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.actions.seed import load_seed
from cairn.training.actions.seed import load_programme
from cairn.web.demo_records import (
    certify_demo,
    load_demo_protection,
    load_demo_records,
    load_demo_reports,
)

ORGANISATION = "Demo Agency (invented)"
ELSEWHERE = "Demo Shelter (invented)"


def password_file() -> Path:
    return settings.HOME / "demo-password"


def demo_password() -> str:
    """The pass phrase of all demo accounts: made once for this installation, read by its owner."""
    path = password_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(4)) + "\n")
    return path.read_text().strip()


def load_demo(*, today: date) -> tuple[int, int]:
    """Read in the portfolio and make the accounts that are missing: (rows changed, accounts)."""
    changed, accounts = _load_demo(today=today)
    # Apart: certificates and reports open what is sealed, never inside another transaction.
    changed += certify_demo(today=today)
    organisation = Organisation.objects.get(name=ORGANISATION)
    changed += load_demo_reports(organisation, demo_password(), today=today)
    partner = Organisation.objects.get(name=ELSEWHERE)
    return changed + load_demo_protection(organisation, partner, today=today), accounts


@transaction.atomic
def _load_demo(*, today: date) -> tuple[int, int]:
    reports = load_seed(SYSTEM)
    changed = sum(report.counts["created"] + report.counts["changed"] for report in reports)
    changed += load_programme(SYSTEM).changed
    organisation, _made = Organisation.objects.get_or_create(
        name=ORGANISATION,
        defaults={"slug": "demo-agency", "kind": OrganisationKind.OTHER, "is_demo": True},
    )
    elsewhere, _made = Organisation.objects.get_or_create(
        name=ELSEWHERE,
        defaults={"slug": "demo-shelter", "kind": OrganisationKind.NGO, "is_demo": True},
    )
    users = create_demo_users(
        SYSTEM, organisation, demo_password(), today=today, elsewhere=elsewhere
    )
    demo_code.equip(list(User.objects.filter(is_demo=True)))
    changed += load_demo_records(organisation, today=today)
    return changed, len(users)


def sign_ins() -> list[str]:
    """Lines that tell how to sign in to the demonstration."""
    lines = ["Demo sign-ins (invented people; one pass phrase for all of them):"]
    lines.append(f"  pass phrase  {demo_password()}")
    lines.append(f"  app secret   {demo_code.secret()}")
    lines.append("  (for an authenticator app; the second step of signing in also shows the code)")
    lines.append("  reports open with the pass phrase too; the app of officers is at /field/")
    lines += [f"  {name:<28} {LABELS[role]}" for name, role in demo_accounts().items()]
    return lines
