"""The toy topic as an application of its own, for servers in processes of their own."""

import json
import os

import django
from django.conf import settings

django.setup()
settings.REALTIME = json.loads(os.environ.get("TOY_REALTIME", "{}"))

# Models can be imported only after set-up.
from tests.realtime import toys  # noqa: E402

# Kept, or the registration would end with the object.
registration = toys.registered()
registration.__enter__()
application = toys.application
