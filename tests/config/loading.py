"""Runs the settings file as a process with another environment would, without starting one."""

import os
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from config import settings as loaded

SOURCE = Path(loaded.__file__)

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "n0tAPl4ceh0lder-ZsVkD2b7Qw9LrT4mXc8Jp1NfHy6Ag3Ue5RoBt0KiWq",
    "ALLOWED_HOSTS": "club.test",
    "DATABASE_URL": "postgresql://touchline:Hj3-kd93-Lpw@db/touchline",
    "REDIS_URL": "redis://cache:6379/0",
    "EMAIL_URL": "smtp+tls://touchline:Kd83-dkw0@mail.club.test",
}


def settings_with(folder, **environment):
    """The settings as they are with exactly these variables and the .env files of `folder`."""
    code = compile(SOURCE.read_text(encoding="utf-8"), str(SOURCE), "exec")
    names = {"__file__": str(folder / "config" / "settings.py"), "__name__": "settings"}
    with mock.patch.dict(os.environ, environment, clear=True):
        exec(code, names)  # noqa: S102  our own file, with an environment of our own
    return SimpleNamespace(**names)
