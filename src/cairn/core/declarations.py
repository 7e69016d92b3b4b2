"""What the ground keeps: organisations, the audit log, and what Django and the task queue keep."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import (
    EVERYBODY,
    Level,
    Scrub,
    Store,
    Zone,
    declare,
    declare_store,
)
from cairn.core.retention_rules import kept, removed_by_itself

declare(
    "core.Organisation",
    Zone.PROGRAMME,
    _("States, agencies, funds and associations, by name."),
    purpose=_("Name who leads, pays for, carries out and asks for the work."),
    retention=kept("catalogue"),
    public="id slug name short_name kind country is_demo",
    seen_with=EVERYBODY,
)
declare(
    "core.Unit",
    Zone.ACCOUNTS,
    _("Parts of an organisation: a post, a shelter, a desk. Where it lies is not kept."),
    purpose=_("Let people see the records of their own unit only."),
    retention=kept("account"),
    internal="id organisation name country",
    scrub={"name": Scrub.INVENT},
    seen_with="role:view",
)
declare(
    "core.AuditEntry",
    Zone.OVERSIGHT,
    _("Who did what, when, on which record: codes, ids and counts, never names or texts."),
    purpose=_("Show later what was done; every entry is chained to the one before it."),
    retention=kept("log"),
    internal="sequence at code subject_type previous_hash hash",
    personal="actor_id actor_roles",
    sensitive="subject_id facts",
    drops_rows=True,
    seen_with="audit:view oversight:view",
)

# --- What Django keeps ---------------------------------------------------------------------

declare(
    "contenttypes.ContentType",
    Zone.ACCOUNTS,
    _("Names of the tables, for Django itself."),
    purpose=_("Django refers to tables by number."),
    retention=kept("catalogue"),
    public="id app_label model",
)
declare(
    "auth.Permission",
    Zone.ACCOUNTS,
    _("A list that Django makes; Cairn does not use it, roles are a table in the code."),
    purpose=_("Django refuses to run without it."),
    retention=kept("catalogue"),
    public="id name content_type codename",
)
declare(
    "auth.Group",
    Zone.ACCOUNTS,
    _("Empty: roles are a table in the code."),
    purpose=_("Comes with Django."),
    retention=kept("catalogue"),
    internal="id name permissions",
)
declare(
    "auth.Group_permissions",
    Zone.ACCOUNTS,
    _("Empty: roles are a table in the code."),
    purpose=_("Comes with Django."),
    retention=kept("catalogue"),
    internal="id group permission",
)
declare(
    "django_tasks_database.DBTaskResult",
    Zone.OVERSIGHT,
    _("Slow work that waits or was done: which work, and the ids that it is about."),
    purpose=_("Do slow work once, and look into what failed."),
    retention=kept("work-queue", "finished_at"),
    internal=(
        "id status enqueued_at started_at finished_at args_kwargs priority task_path worker_ids "
        "queue_name backend_name run_after return_value exception_class_path traceback"
    ),
    drops_rows=True,
)

# --- What is no model ----------------------------------------------------------------------

declare_store(
    Store(
        "migrations",
        Zone.ACCOUNTS,
        Level.PUBLIC,
        _("The list of steps by which the database was built."),
        _("Know which steps are still to be done."),
        kept("catalogue"),
        table="django_migrations",
    )
)
declare_store(
    Store(
        "cache",
        Zone.ACCOUNTS,
        Level.PERSONAL,
        _("Counters of attempts and limits, with fingerprints of addresses and user names."),
        _("Slow down guessing and floods, the same on all processes of the server."),
        removed_by_itself(kept("sign-in")),
        table="cairn_cache",
    )
)
declare_store(
    Store(
        "server-log",
        Zone.OVERSIGHT,
        Level.INTERNAL,
        _("What the programs write while they run: codes and ids, no names, texts or addresses."),
        _("Find out why something failed."),
        kept("work-queue"),
    )
)
declare_store(
    Store(
        "files",
        Zone.PROGRAMME,
        Level.INTERNAL,
        _("The folder of files; kept apart from the databases and readable by its owner only."),
        _("Hold what is too large for the database."),
        kept("programme-record"),
    )
)
