"""Roles that were held before confirmation existed stay in force."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def confirm(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("access", "Membership").objects.using(schema_editor.connection.alias)
    rows.filter(confirmed_at=None).update(confirmed_at=F("granted_at"))


class Migration(migrations.Migration):
    dependencies = [("access", "0002_scopes")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
