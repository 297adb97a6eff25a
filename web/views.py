"""The pages that anybody may open; neither knows who is looking."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from web import demo
from web.modules import modules_of
from web.queries import has_demo, landing

VIEWER = "web/js/viewer.js"
LANDING = "web/js/landing.js"


@require_safe
@conditional_page
@cache_control(no_cache=True)
def landing_page(request: HttpRequest) -> HttpResponse:
    is_development = settings.ENVIRONMENT == "development"
    context = {
        "landing": landing(timezone.now()),
        "is_development": is_development,
        "demo": demo if is_development and has_demo() else None,
        "has_public_docs": settings.API_DOCS == "public",
        "version": settings.VERSION,
        "modules": modules_of(LANDING),
    }
    return render(request, "web/landing.html", context)


@require_safe
@conditional_page
@cache_control(no_cache=True)
def viewer_page(request: HttpRequest) -> HttpResponse:
    """The same page for every link: the token stands in the fragment, which no server sees."""
    response = render(request, "web/viewer.html", {"modules": modules_of(VIEWER)})
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@conditional_page
@cache_control(no_cache=True)
def reset_page(request: HttpRequest) -> HttpResponse:
    return _account_page(request, "reset")


@require_safe
@conditional_page
@cache_control(no_cache=True)
def verify_page(request: HttpRequest) -> HttpResponse:
    return _account_page(request, "verify")


@require_safe
@conditional_page
@cache_control(no_cache=True)
def invitation_page(request: HttpRequest) -> HttpResponse:
    return _account_page(request, "invitation")


def _account_page(request: HttpRequest, name: str) -> HttpResponse:
    """Where a mail leads; the token stands in the fragment here, too."""
    entry = f"web/js/{name}-page.js"
    context = {"entry": entry, "modules": modules_of(entry)}
    return render(request, f"web/account/{name}.html", context)


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("web/favicon.svg"))
