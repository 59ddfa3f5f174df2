"""A password hasher that counts, so that tests need no clock."""

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Each hash that a password costs adds one; checking a password hashes once too."""

    hashes: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashes += 1
        return super().encode(password, salt)
