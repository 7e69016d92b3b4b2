"""The door for the web server; it stays shut when sealed values could not be opened."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
application = get_wsgi_application()

from cairn.core import deployment  # noqa: E402 - it needs the settings
from cairn.training.measures import engines  # noqa: E402 - the same
from cairn.vault import health  # noqa: E402 - the same

deployment.refuse_if_unsafe()
health.refuse_if_unusable()
# Beside the first requests: the statistical engines take seconds to load.
threading.Thread(target=engines.warm, name="engines", daemon=True).start()
