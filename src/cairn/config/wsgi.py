"""The door for the web server; it stays shut when sealed values could not be opened."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
application = get_wsgi_application()

from cairn.core import deployment  # noqa: E402 - it needs the settings
from cairn.vault import health  # noqa: E402 - the same

deployment.refuse_if_unsafe()
health.refuse_if_unusable()
