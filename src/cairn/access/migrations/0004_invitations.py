import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_confirm_present"),
        ("core", "0003_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("new-account", "New account"),
                            ("reset", "New password and second factor"),
                        ],
                        default="new-account",
                        max_length=12,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("programme-officer", "Programme officer"),
                            ("training-officer", "Training officer"),
                            ("trainer", "Trainer, mobile training team member"),
                            ("participant", "Training participant"),
                            ("exercise-control", "Exercise control"),
                            ("evaluator", "Exercise evaluator"),
                            ("player", "Exercise player"),
                            ("front-line-officer", "Front-line officer"),
                            ("identification-authority", "Identification authority"),
                            ("service-provider", "Service provider"),
                            ("investigator", "Investigator"),
                            ("prosecutor", "Prosecutor"),
                            ("central-authority", "Central authority"),
                            ("national-unit", "National unit"),
                            ("regional-hub", "Regional hub"),
                            ("legal-adviser", "Legal and policy adviser"),
                            ("statistics-officer", "Statistics officer"),
                            ("data-protection-officer", "Data-protection officer"),
                            ("donor", "Donor"),
                            ("researcher", "Researcher or journalist"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=40,
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=3)),
                ("area", models.CharField(blank=True, max_length=40)),
                ("invited_by", models.UUIDField(blank=True, null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="core.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="core.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purpose", "reset"), ("user__isnull", False)),
                            models.Q(
                                ("purpose", "new-account"), models.Q(("role", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_for_somebody_or_some_role",
                    )
                ],
            },
        ),
    ]
