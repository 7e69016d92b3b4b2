"""Which word of the command line leads where."""

import os
import subprocess
from collections.abc import Callable, Sequence

from cairn_tool import audit_dependencies, checks, install, processes, server, suites
from cairn_tool.console import Stop, complain, say
from cairn_tool.places import (
    DEV_LOCK,
    ROOT,
    RUN_LOCK,
    child_environment,
    manage_command,
    program,
)

USAGE = """Cairn. What this script does (each explains itself with --help):

  ./cairn up [--port N] [--host H] [--lan] [--database URL] [--no-demo]
                        start on this machine and print the address; Ctrl-C ends it
  ./cairn test [--fast] [pytest arguments]
                        all checks, then all tests: SQLite, programs, PostgreSQL, browser;
                        --fast: the checks and the quick tests
  ./cairn check [--fix] format, lint, types, import contracts, migrations, messages, locks
  ./cairn audit-dependencies
                        known vulnerabilities of the pinned packages, or "not audited"
  ./cairn bench [NAME]  run a benchmark, or list them
  ./cairn lock [--upgrade]
                        write the lock files anew from pyproject.toml
  ./cairn backup, restore, keys, keys-rotate, invite, audit-verify, audit-checkpoint
                        what an administrator needs; each explains itself with --help
  ./cairn report NAME [REFERENCE] --format json|pdf|docx [--out FILE]
                        a document, with its figures as they are today
  ./cairn iati-export FILE; ./cairn iati-import FILE --dry-run
                        aid data (IATI 2.03) out and in
  ./cairn release build|attack|sign|publish
                        a release of statistics, in steps
  ./cairn COMMAND       any management command, dashes welcome: ./cairn audit-verify
  ./cairn help          lists the management commands
"""
# Commands that read what only the development set installs.
DEV_COMMANDS = {"notices", "makemigrations"}
# Commands that are about records: a newcomer may start with one of them.
RECORD_COMMANDS = {
    "audit_checkpoint",
    "audit_verify",
    "import_file",
    "invite",
    "iati_export",
    "iati_import",
    "keep_watch",
    "release",
    "report",
}
LOCK_OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def bench(arguments: Sequence[str]) -> int:
    """Hand over to bench/run.py, which lists or runs."""
    install.ensure()
    command = [str(program("python")), str(ROOT / "bench" / "run.py"), *arguments]
    return _become(command)


def lock(arguments: Sequence[str]) -> int:
    """Re-lock with uv: the development set first, then the run-time set inside its versions."""
    install.ensure(dev=True)
    uv = str(program("uv"))
    compile_project = [uv, "pip", "compile", "pyproject.toml", *LOCK_OPTIONS, *arguments]
    for command in (
        [*compile_project, "--group", "dev", "-o", DEV_LOCK],
        [*compile_project, "-c", DEV_LOCK, "-o", RUN_LOCK],
    ):
        environment = child_environment(**install.UV)
        if code := subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
        ).returncode:
            raise Stop("uv could not lock; its reason is above.", code=code)
    say(f"Wrote {RUN_LOCK} and {DEV_LOCK}. Next: ./cairn notices, then ./cairn test.")
    return 0


def manage(arguments: Sequence[str]) -> int:
    """A Django management command, in the folder that the person stands in."""
    name = arguments[0].replace("-", "_")
    install.ensure(dev=name in DEV_COMMANDS)
    if name in RECORD_COMMANDS and not {"-h", "--help"} & set(arguments):
        server.prepare_first(arguments[0])
    return _become(manage_command(name, *arguments[1:]))


def _become(command: Sequence[str]) -> int:
    """Replace this process, so that signals and the exit code are the program's own."""
    os.execve(command[0], list(command), child_environment())  # noqa: S606 - no shell is wanted


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "up": server.up,
    "test": suites.test,
    "check": checks.check,
    "audit-dependencies": audit_dependencies.main,
    "bench": bench,
    "lock": lock,
}


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; returns the exit code."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        say(USAGE)
        return 0
    processes.obey_termination()
    try:
        if verb := VERBS.get(arguments[0]):
            return verb(arguments[1:])
        return manage(arguments)
    except Stop as stop:
        complain(str(stop))
        return stop.code
    except KeyboardInterrupt:
        complain("\nStopped. Nothing is half-done: run it again to go on.")
        return 130
