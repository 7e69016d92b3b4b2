"""Sealed model fields: what is assigned is sealed at save, what is read is a token.

    class Person(SealedModel):
        zone = Zone.PROTECTION
        name = SealedTextField(level=Level.SEALED, scrub=Scrub.BLANK)

The plain value comes back only through `cairn.vault.opening`.
"""

import json
from functools import cached_property
from typing import Any, ClassVar, NoReturn, TypeVar
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.models.expressions import Col

from cairn.core.classification import Level, Scrub, Zone
from cairn.vault import envelope, keyring
from cairn.vault.columns import SealedCol, SealedIsNull, refusal
from cairn.vault.errors import SealedFieldError
from cairn.vault.sealed import Pending, Sealed

__all__ = [
    "Sealed",
    "SealedBytesField",
    "SealedElsewhereField",
    "SealedFieldError",
    "SealedJSONField",
    "SealedModel",
    "SealedTextField",
]

AnyModel = TypeVar("AnyModel", bound=models.Model)


class _Ready:
    """Bytes that `pre_save` made for the row being saved: the only thing a sealed column takes."""

    __slots__ = ("blob",)

    def __init__(self, blob: bytes | None) -> None:
        self.blob = blob


class _Attribute:
    """The attribute on a record: takes plain values in, gives tokens out."""

    def __init__(self, field: "SealedField") -> None:
        self.field = field

    def __get__(self, record: models.Model | None, owner: type[models.Model]) -> Any:
        if record is None:
            return self
        values = record.__dict__
        if self.field.attname not in values:  # deferred
            record.refresh_from_db(fields=[self.field.attname])
        return values[self.field.attname]

    def __set__(self, record: models.Model, value: Any) -> None:
        record.__dict__[self.field.attname] = self.field.hold(record, value)


class SealedField(models.BinaryField[Any, Any]):
    """The common part of the sealed fields. `level`, `scrub`: as in core.classification.

    `bound_as`: the name ("app.Model.field") that ciphertexts are tied to; give the old one when a
    model or field is renamed, else every stored value counts as altered.
    """

    def __init__(
        self,
        *args: Any,
        level: Level = Level.SEALED,
        scrub: Scrub = Scrub.BLANK,
        bound_as: str = "",
        **options: Any,
    ) -> None:
        self.level, self.scrub, self.bound_as = level, scrub, bound_as
        options |= {"null": True, "blank": True, "editable": False, "default": None}
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """For migrations it is the binary column that the database sees."""
        name, _, args, options = super().deconstruct()
        for key in ("default", "editable"):
            options.pop(key, None)
        return name, "django.db.models.BinaryField", args, options

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any) -> None:
        super().contribute_to_class(cls, name, *args)
        setattr(cls, self.attname, _Attribute(self))

    @cached_property
    def label(self) -> str:
        """`app.Model.field`, as ciphertexts and messages name it."""
        return self.bound_as or f"{self.model._meta.label}.{self.name}"

    @cached_property
    def _prefix(self) -> bytes:
        return b"cairn field\0" + self.label.encode() + b"\0"

    # -- the value ---------------------------------------------------------------------------

    def encode(self, value: Any) -> bytes | None:
        """Plain bytes of a value, None for no value. Raises TypeError for a wrong type."""
        raise TypeError(f"{self.label} does not say what it holds.")

    def decode(self, plain: bytes | None) -> Any:
        """The value again; None bytes are no value."""
        raise TypeError(f"{self.label} does not say what it holds.")

    def hold(self, record: models.Model, value: Any) -> Sealed:
        """What the attribute becomes when `value` is assigned."""
        if isinstance(value, Sealed):
            return self._own(record, value)
        plain = self.encode(value)
        if plain is None:
            return Sealed(None, self.label, record.pk)
        return Pending(plain, self.label)

    def _own(self, record: models.Model, token: Sealed) -> Sealed:
        """A token stays where it was sealed: elsewhere it could never be opened."""
        if token and (
            token._field != self.label or (token._holder is not None and token._holder != record.pk)
        ):
            raise SealedFieldError(
                f"{self.label}: a sealed value of another record or field cannot be put here. "
                "Open it, with its reason, and assign what was read."
            )
        if token._holder is None and not isinstance(token, Pending):
            return Sealed(token._blob, self.label, record.pk)
        return token

    def seal(self, plain: bytes, cipher: AESGCM, place: bytes) -> bytes:
        """Ciphertext of `plain`, tied to this field and to `place` (row and key)."""
        return envelope.seal(cipher, plain, self._prefix + place)

    def unseal(self, blob: bytes, cipher: AESGCM, place: bytes) -> Any:
        """The plain value; only for `opening`. Raises Altered."""
        return self.decode(envelope.unseal(cipher, blob, self._prefix + place))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        token = getattr(model_instance, self.attname)
        if token.__class__ is Pending:
            record = _sealed(model_instance)
            cipher = keyring.for_sealing(record.ensure_data_key())
            blob = self.seal(token._plain, cipher, record.sealed_place())
            token = record.__dict__[self.attname] = Sealed(blob, self.label, record.pk)
        return _Ready(token._blob)

    # -- the database ------------------------------------------------------------------------

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed:
        return Sealed(None if value is None else bytes(value), self.label)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Takes only what `pre_save` made; so `update()` and its like cannot store plain text."""
        if not isinstance(value, _Ready):
            raise refusal(self.label, "be written but by saving its own record")
        return super().get_db_prep_save(value.blob, connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        blob = value.blob if isinstance(value, _Ready) else value
        placeholder: str = connection.ops.binary_placeholder_sql(blob)
        return placeholder

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> NoReturn:
        raise refusal(self.label, "leave through a serializer; copies are made by ./cairn backup")

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname)

    # -- queries -----------------------------------------------------------------------------

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return SealedIsNull
        raise refusal(self.label, f"be looked up with {lookup_name!r}")

    def get_transform(self, lookup_name: str) -> Any:
        raise refusal(self.label, f"be taken apart with {lookup_name!r}")

    def get_col(self, alias: str, output_field: Any = None) -> Col:
        return SealedCol(alias, self, output_field or self)

    @cached_property
    def cached_col(self) -> Col:
        return SealedCol(self.model._meta.db_table, self)


class SealedTextField(SealedField):
    """Text. "" and None are the same here, no value: stored as NULL, opened as ""."""

    def encode(self, value: Any) -> bytes | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise TypeError(f"{self.label} takes text, not {type(value).__name__}.")
        return value.encode()

    def decode(self, plain: bytes | None) -> str:
        return "" if plain is None else plain.decode()

    def unseal(self, blob: bytes, cipher: AESGCM, place: bytes) -> str:
        return envelope.unseal(cipher, blob, self._prefix + place).decode()


class SealedJSONField(SealedField):
    """Anything that JSON holds. None is no value; {}, [], "", 0 and False are values."""

    def encode(self, value: Any) -> bytes | None:
        if value is None:
            return None
        try:
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        except (TypeError, ValueError):
            raise TypeError(f"{self.label} takes what JSON can hold.") from None

    def decode(self, plain: bytes | None) -> Any:
        return None if plain is None else json.loads(plain)


class SealedBytesField(SealedField):
    """Bytes, such as something that was sealed already for somebody else. b"" is no value."""

    def encode(self, value: Any) -> bytes | None:
        if value is None or value == b"":
            return None
        if not isinstance(value, bytes):
            raise TypeError(f"{self.label} takes bytes, not {type(value).__name__}.")
        return value

    def decode(self, plain: bytes | None) -> bytes:
        return b"" if plain is None else plain


class SealedElsewhereField(models.BinaryField[Any, Any]):
    """Bytes that came in sealed and that no key of this installation opens by itself."""

    level, scrub = Level.SEALED, Scrub.BLANK

    def deconstruct(self) -> Any:
        """For migrations it is the binary column that the database sees."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, options


class DataKeyField(models.UUIDField[Any, Any]):
    """The id of the key that seals the record's values; made at the first save."""

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.UUIDField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:
        return _sealed(model_instance).ensure_data_key()


class SealedQuerySet(models.QuerySet[AnyModel]):
    """For models that store many records at once: their keys are made in one go."""

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        records = list(objs)
        new = [each for each in records if isinstance(each, SealedModel) and not each.data_key]
        if new:
            for each, key_id in zip(
                new, keyring.create_many(_zone(self.model), len(new)), strict=True
            ):
                each.data_key = key_id
        return super().bulk_create(records, *args, **options)

    def update(self, **values: Any) -> int:
        self._refuse(values)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        self._refuse(fields := list(fields))
        return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def _refuse(self, names: Any) -> None:
        for name in names:
            if isinstance(field := self.model._meta.get_field(name), SealedField):
                raise refusal(field.label, "be written but by saving its own record")
            if isinstance(field, DataKeyField):
                raise SealedFieldError(f"{name} is given once: another key opens nothing here.")


class SealedModel(models.Model):
    """A record with sealed fields and a key of its own, or of the person whom it is about."""

    zone: ClassVar[Zone]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Give data_key=person.data_key where a record is about a person who has one already.
    data_key: Any = DataKeyField(editable=False, db_index=True)

    class Meta:
        abstract = True

    def ensure_data_key(self) -> UUID:
        """The id of this record's key; made now when there is none."""
        if self.data_key is None:
            self.data_key = keyring.create(self.zone)
        key_id: UUID = self.data_key
        return key_id

    def sealed_place(self) -> bytes:
        """What all ciphertexts of this record are tied to: its row and its key."""
        place: tuple[UUID, UUID, bytes] | None = self.__dict__.get("_sealed_place")
        if place is None or place[0] is not self.pk or place[1] is not self.data_key:
            place = (self.pk, self.data_key, self.pk.bytes + self.data_key.bytes)
            self.__dict__["_sealed_place"] = place
        return place[2]

    @classmethod
    def sealed_fields(cls) -> list[SealedField]:
        return [each for each in cls._meta.concrete_fields if isinstance(each, SealedField)]

    @classmethod
    def sealed_field(cls, name: str) -> SealedField:
        """Raises SealedFieldError when `name` is no sealed field of this model."""
        field = cls._meta.get_field(name)
        if not isinstance(field, SealedField):
            raise SealedFieldError(f"{cls._meta.label}.{name} is not sealed.")
        return field


def _zone(model: type[models.Model]) -> Zone:
    if not issubclass(model, SealedModel):
        raise SealedFieldError(f"{model._meta.label} is no SealedModel.")
    return model.zone


def _sealed(record: models.Model) -> SealedModel:
    """A sealed field outside a SealedModel has no key; the system check names it earlier."""
    if not isinstance(record, SealedModel):
        raise SealedFieldError(f"{record._meta.label} has sealed fields and no key.")
    return record
