"""Static files, answered before Django so that a style sheet costs no thread and no middleware."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from servestatic import ServeStaticASGI
from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names carry a hash of the content, in `import` lines of ES modules too."""

    support_js_module_import_aggregation = True


class StaticFiles(ServeStaticASGI):  # type: ignore[misc]
    """Serves the apps' own files in development, what `collectstatic` left elsewhere."""

    def __init__(self, application: Any) -> None:
        self.prefix = settings.STATIC_URL
        super().__init__(
            application,
            autorefresh=settings.IS_DEVELOPMENT,
            # In development always asked for anew, so that an edit shows on the next reload.
            max_age=0 if settings.IS_DEVELOPMENT else 300,
            allow_all_origins=False,
            add_headers_function=_complete,
        )
        if not settings.IS_DEVELOPMENT and Path(settings.STATIC_ROOT).is_dir():
            self.add_files(settings.STATIC_ROOT, self.prefix)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_static = scope["path"].startswith(self.prefix) and scope["method"] in {"GET", "HEAD"}
        await (super().__call__ if is_static else self.application)(scope, receive, send)

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Development only: ask the finders, as `{% static %}` does."""
        if found := finders.find(url.removeprefix(self.prefix)):
            yield str(found)


def _complete(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
