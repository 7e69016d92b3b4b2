"""The door for management commands: `./cairn COMMAND` calls it."""

import os
import sys

# These must work while there is no key yet, or while the keys are what is being mended.
WITHOUT_KEYS = frozenset(
    {
        "backup",
        "check",
        "collectstatic",
        "compilemessages",
        "createcachetable",
        "diffsettings",
        "help",
        "keys",
        "keys_rotate",
        "makemessages",
        "makemigrations",
        "messages",
        "migrate",
        "notices",
        "prepare",
        "restore",
        "showmigrations",
        "sqlmigrate",
        "test",
        "version",
    }
)


def needs_keys(arguments: list[str]) -> bool:
    """True for a command that may read sealed values; asking for its help is not one."""
    if not arguments or arguments[0].startswith("-") or arguments[0] in WITHOUT_KEYS:
        return False
    return not {"-h", "--help"} & set(arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
    from django.core.management import execute_from_command_line

    if needs_keys(sys.argv[1:]):
        import django

        django.setup()
        from cairn.vault import health

        health.refuse_if_unusable()
    execute_from_command_line(["cairn", *sys.argv[1:]])


if __name__ == "__main__":
    main()
