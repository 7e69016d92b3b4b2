"""The warm process that forks.py asks for programs: Cairn imported, nothing opened, nothing read.

It only forks. In each fork the settings are read again from the environment of that program, and
what Django keeps of them is forgotten, before its first line runs. A second process waits beside
every program and tells how it ended.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from types import ModuleType
from typing import Any, NoReturn

import django
from django import conf
from django.core.cache import caches
from django.core.files.storage import default_storage, storages
from django.db import connections
from django_tasks import task_backends

from tests.forks import NUMBER

MOST = 1 << 18  # bytes of a message
# What commands and the scenes of tests import; read from the disk once.
WANTED = (
    "cairn.config.urls",
    "cairn.access.tests.factories",
    "cairn.identification.tests.intake_factories",
    "cairn.training.actions.kits_check_in",
    "cairn.training.actions.kits_device",
    "cairn.training.tests.kits_scene",
    "cairn.vault.backups.restoring",
    "cairn.vault.rotation",
    "django.core.management.commands.migrate",
    "django.core.management.commands.shell",
    "psycopg_pool",
)
Task = dict[str, Any]


def serve(asked: socket.socket) -> Task | None:
    """Fork for each message; returns the task within a fork, None when nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is nothing to this process
    while True:
        message, files, _flags, _address = socket.recv_fds(asked, MOST, 3)
        if not message:
            return None
        while not message.endswith(b"\n"):
            message += asked.recv(MOST)
        if os.fork() == 0:
            asked.close()
            return watched(json.loads(message), files)
        for number in files:
            os.close(number)


def watched(task: Task, files: list[int]) -> Task:
    """Fork once more: the program goes on with its task, this process waits and tells."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, out, errors = files
    program = os.fork()
    if program:
        os.close(out)
        os.close(errors)
        with socket.socket(fileno=told) as telling:
            telling.send(f"{program:{NUMBER}}".encode())
            _, status = os.waitpid(program, 0)
            try:
                telling.send(f"{os.waitstatus_to_exitcode(status):{NUMBER}}".encode())
            except BrokenPipeError:  # nobody waits for it
                pass
        os._exit(0)
    os.close(told)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for kept, place in ((nothing, 0), (out, 1), (errors, 2)):
        os.dup2(kept, place)
        os.close(kept)
    return task


def renew(env: dict[str, str]) -> None:
    """Read the settings of another installation, as its own process would at its start."""
    os.environ.clear()
    os.environ.update(env)
    importlib.reload(importlib.import_module(env["DJANGO_SETTINGS_MODULE"]))
    settings: Any = conf.settings
    settings._wrapped = conf.Settings(env["DJANGO_SETTINGS_MODULE"])
    kept: list[Any] = [connections, caches, storages, default_storage, task_backends]
    for each in kept:
        each.__dict__.clear()
        each.__init__()


def run(task: Task) -> None:
    os.chdir(task["cwd"])
    renew(task["env"])
    if "module" in task:
        sys.argv = [task["module"], *task["arguments"]]
        runpy.run_module(task["module"], run_name="__main__", alter_sys=True)
        return
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv = ["-c", *task["arguments"]]
    exec(compile(task["code"], "<string>", "exec"), main.__dict__)  # noqa: S102 - of our tests


def main() -> None:
    django.setup()
    for name in WANTED:
        importlib.import_module(name)
    opened = [each.alias for each in connections.all(True) if each.connection is not None]
    assert not opened, "all programs would share them"
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        task = serve(asked)
    if task is not None:
        leave(outcome(task))


def outcome(task: Task) -> int:
    """Run a program to its end; returns the code that Python would end with."""
    try:
        run(task)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        print(ending.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def leave(code: int) -> NoReturn:
    """End as Python does, but without taking apart piece by piece what was imported."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
