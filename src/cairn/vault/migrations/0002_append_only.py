"""The database itself refuses to change or remove a line of the ledger of destroyed keys."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "vault_destroyed_no_update": """
        CREATE TRIGGER vault_destroyed_no_update BEFORE UPDATE ON vault_destroyedkey
        BEGIN SELECT RAISE(ABORT, 'the ledger of destroyed keys is append-only'); END
    """,
    "vault_destroyed_no_delete": """
        CREATE TRIGGER vault_destroyed_no_delete BEFORE DELETE ON vault_destroyedkey
        BEGIN SELECT RAISE(ABORT, 'the ledger of destroyed keys is append-only'); END
    """,
}
POSTGRESQL = """
    CREATE FUNCTION vault_destroyed_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger of destroyed keys is append-only'; END $$;
    CREATE TRIGGER vault_destroyed_append_only BEFORE UPDATE OR DELETE ON vault_destroyedkey
    FOR EACH ROW EXECUTE FUNCTION vault_destroyed_refuse();
"""


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.alias != "keys":
        return
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE.values():
            editor.execute(statement)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.alias != "keys":
        return
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER vault_destroyed_append_only ON vault_destroyedkey")
        editor.execute("DROP FUNCTION vault_destroyed_refuse()")
    else:
        for name in SQLITE:
            editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
