"""The directory of services."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_units"),
        ("referral", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=7, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("door", "An office with an open door"),
                            ("phone", "By telephone only"),
                            ("visit", "Staff come to the person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("needs", models.JSONField(default=list)),
                ("country", models.CharField(max_length=3)),
                ("area", models.CharField(max_length=80)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("ages", models.JSONField(blank=True, default=list)),
                ("sexes", models.JSONField(blank=True, default=list)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("reach", models.CharField(blank=True, max_length=240)),
                ("assured_on", models.DateField()),
                ("assured_by", models.UUIDField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.UUIDField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["country", "area", "name"],
                "indexes": [
                    models.Index(fields=["country", "assured_on"], name="access_point_extract")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["door", "phone", "visit"])),
                        name="access_point_is_public",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phone", ""), _negated=True),
                            models.Q(("reach", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="access_point_can_be_reached",
                    ),
                ],
            },
        ),
    ]
