"""Persons of concern."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0003_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                (
                    "age_band",
                    models.CharField(
                        choices=[
                            ("adult", "Adult"),
                            ("child", "Child"),
                            ("age-disputed", "Age disputed: treated as a child"),
                        ],
                        max_length=12,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("caseworker", models.UUIDField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("name", models.BinaryField(blank=True, null=True)),
                ("safe_contact", models.BinaryField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_on", "code"],
                "indexes": [
                    models.Index(
                        fields=["organisation", "-opened_on", "code"], name="person_listed"
                    ),
                    models.Index(fields=["caseworker", "closed_on"], name="person_caseload"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="person_closed_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("keep_until", None), _negated=True),
                            models.Q(("erased_on", None), _negated=True),
                            _connector="OR",
                        ),
                        name="person_kept_until_a_day",
                    ),
                ],
            },
        ),
    ]
