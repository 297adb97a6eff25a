from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin


class ProjectConfig(AppConfig):
    name = "config"
    verbose_name = "Touchline"

    def ready(self) -> None:
        # Checks and OpenAPI extensions register themselves when they are imported.
        from config import checks, openapi, sentry  # noqa: F401

        if settings.SENTRY_DSN:
            sentry.start(
                dsn=settings.SENTRY_DSN,
                environment=settings.ENVIRONMENT,
                release=settings.VERSION,
            )


class TouchlineAdminConfig(admin.AdminConfig):
    default = False
    default_site = "config.admin.TouchlineAdminSite"
