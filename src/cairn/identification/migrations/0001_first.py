"""Procedures, who investigated them, decisions, and profiles of countries."""

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
            name="CountryProfile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("country", models.CharField(max_length=3)),
                ("investigator_may_decide", models.BooleanField(default=False)),
                ("source", models.CharField(max_length=300)),
                ("decided_by", models.UUIDField(blank=True, null=True)),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["country", "-decided_at"],
                "indexes": [
                    models.Index(fields=["country", "-decided_at"], name="profile_of_country")
                ],
            },
        ),
        migrations.CreateModel(
            name="Procedure",
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
                ("opened_on", models.DateField()),
                ("investigated_by", models.UUIDField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("subject_name", models.BinaryField(blank=True, null=True)),
                ("summary", models.BinaryField(blank=True, null=True)),
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
            },
        ),
        migrations.CreateModel(
            name="Investigation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("taken_over_at", models.DateTimeField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="investigations",
                        to="identification.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["taken_over_at"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("opening", "Opening of the assessment"),
                            ("reasonable-grounds", "Reasonable grounds"),
                            ("conclusive", "Conclusive decision"),
                            ("end", "End at the person's request"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("detected", "Detected"),
                            ("under-assessment", "Under assessment"),
                            ("reasonable-grounds", "Reasonable grounds"),
                            ("no-reasonable-grounds", "No reasonable grounds"),
                            ("conclusive-positive", "Conclusive: identified"),
                            ("conclusive-negative", "Conclusive: not identified"),
                            ("deferred", "Deferred"),
                            ("discontinued", "Ended at the person's request"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "standard",
                    models.CharField(
                        choices=[
                            ("none", "None: nothing is found about the person"),
                            ("grounds", "Reasonable grounds to believe"),
                            ("balance", "More likely than not"),
                            ("sure", "No reasonable doubt"),
                        ],
                        max_length=8,
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                ("decided_by", models.UUIDField()),
                ("decided_at", models.DateTimeField()),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("reasons", models.BinaryField(blank=True, null=True)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="identification.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["procedure", "number"],
            },
        ),
        migrations.AddIndex(
            model_name="procedure",
            index=models.Index(
                fields=["organisation", "-opened_on", "code"], name="procedure_listed"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("keep_until", None), _negated=True),
                    models.Q(("erased_on", None), _negated=True),
                    _connector="OR",
                ),
                name="procedure_kept_until_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("procedure", "number"), name="decision_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "detected"), _negated=True),
                name="decision_decides_something",
            ),
        ),
    ]
