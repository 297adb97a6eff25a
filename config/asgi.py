"""What a server runs: HTTP in a few threads, sockets in the loop, static files before both."""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# `manage.py serve` has set Django up already, and once more would configure logging once more.
if not apps.ready:
    django.setup(set_prefix=False)

# Models can be imported only after set-up.
from channels.routing import ProtocolTypeRouter

from config.checks import refuse_unsafe_start
from config.handler import ThreadedHandler
from config.static import StaticFiles
from realtime.hub import lifespan
from realtime.routing import websocket_application

refuse_unsafe_start()
application = ProtocolTypeRouter(
    {
        "http": StaticFiles(ThreadedHandler()),
        "websocket": websocket_application,
        "lifespan": lifespan,
    }
)
