"""./cairn prepare: everything between an installed environment and a running server."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from cairn.web import demo


class Command(BaseCommand):
    help = "Migrate, compile messages, collect static files, load reference and demo records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="no demo records and accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Database: {connection.vendor}")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("messages", compile=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not options["no_demo"]:
            changed, accounts = demo.load_demo(today=timezone.localdate())
            self.stdout.write(f"Demo records: {changed} new or changed, {accounts} new accounts")
            self.stdout.write("\n".join(demo.sign_ins()))
            marker = settings.HOME / "demo-sign-ins.json"
            marker.touch(mode=0o600)
            marker.write_text(json.dumps(demo.sign_ins(), ensure_ascii=False))
