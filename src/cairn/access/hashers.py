"""Password hashing: Argon2id with one lane, so that signing in does not take every core."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """64 MiB, 3 passes, 1 lane: above the OWASP minimum (19 MiB, 2, 1), leaner than Django's 8."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 1
