"""What the vault says when it cannot go on; each text is one sentence that a person can act on."""


class VaultError(Exception):
    """Anything that the vault refuses or cannot do."""


class SealedFieldError(VaultError):
    """Code asked something of a sealed field that it must not or cannot answer."""


class Altered(VaultError):
    """A ciphertext is not the one that was sealed for this place."""


class KeyGone(VaultError):
    """The data key is not in the key store. `erased`: it was destroyed on purpose."""

    def __init__(self, key_id: object, *, erased: bool) -> None:
        why = "was destroyed" if erased else "is not in the key store"
        super().__init__(f"The data key {key_id} {why}.")
        self.erased = erased


class RootError(VaultError):
    """The root key is missing, wrong or out of reach. `code` is stable; `remedy` one sentence."""

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} Remedy: {remedy}")
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
