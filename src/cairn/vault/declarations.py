"""What the key store keeps. It is a database of its own and never part of a backup of records.

Keys are wrapped by the key above them; none of these fields is shown anywhere.
"""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Level, Store, Zone, declare, declare_store
from cairn.core.retention_rules import kept, removed_by_itself

declare(
    "vault.ZoneKey",
    Zone.OVERSIGHT,
    _("The keys of the zones, in versions, each wrapped by the root key."),
    purpose=_("Wrap the keys of persons and records, and be renewed without touching the records."),
    retention=kept("key"),
    internal="id zone version root_id wrapped state made_at",
    drops_rows=True,
)
declare(
    "vault.DataKey",
    Zone.OVERSIGHT,
    _("One key for each person or record, wrapped by the key of its zone."),
    purpose=_("Open what is sealed; destroying the key erases the record in every copy."),
    retention=kept("key"),
    internal="id zone_key made_at",
    sensitive="wrapped",
    drops_rows=True,
)
declare(
    "vault.DestroyedKey",
    Zone.OVERSIGHT,
    _("Fingerprints of destroyed keys, and when; they lead back to nobody."),
    purpose=_("No old copy of keys brings an erased record back."),
    retention=kept("erasure-proof"),
    internal="key_hash at",
    drops_rows=True,
)
declare(
    "vault.NamedKey",
    Zone.OVERSIGHT,
    _("Which key belongs to a part of the system, such as the second factors."),
    purpose=_("Seal small secrets of the system itself."),
    retention=kept("key"),
    internal="name key",
    drops_rows=True,
)
declare(
    "vault.SigningKey",
    Zone.OVERSIGHT,
    _("Pairs of keys that sign checkpoints, bundles and certificates; secret halves are wrapped."),
    purpose=_("Let somebody outside check that what leaves here was not rewritten."),
    retention=kept("key"),
    internal="id kind public root_id wrapped is_current made_at",
    drops_rows=True,
)
declare(
    "vault.Rotation",
    Zone.OVERSIGHT,
    _("Renewals of keys: which, how far they came, when."),
    purpose=_("Go on with a renewal that was interrupted."),
    retention=kept("watch", "ended_at"),
    internal="id kind zone from_id to_id done total state started_at ended_at",
    drops_rows=True,
    seen_with="key:operate",
)

declare_store(
    Store(
        "root-key",
        Zone.OVERSIGHT,
        Level.SENSITIVE,
        _("The root key: in a file, in the environment, or in a key service outside."),
        _("Wrap the keys of the zones. Whoever has it and the key store can open everything."),
        kept("key"),
    )
)
declare_store(
    Store(
        "backups-of-records",
        Zone.OVERSIGHT,
        Level.SENSITIVE,
        _("Encrypted copies of the database of records and of the files; no keys are in them."),
        _("Come back after a loss. A record whose key was destroyed stays unreadable in them."),
        kept("backup-of-records"),
    )
)
declare_store(
    Store(
        "backups-of-keys",
        Zone.OVERSIGHT,
        Level.SENSITIVE,
        _("Encrypted copies of the key store, in a place of their own."),
        _("Come back after a loss of the key store."),
        removed_by_itself(kept("backup-of-keys")),
    )
)
