"""Every route of the HTTP API, read from the routes themselves."""

from dataclasses import dataclass

from django.urls import URLResolver, reverse

from config import urls

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    name: str
    # As the OpenAPI document writes it.
    path: str
    parameters: tuple[str, ...]
    methods: tuple[str, ...]

    def address(self, **ids):
        return reverse(self.name, kwargs={name: ids[name] for name in self.parameters})


def routes_below(prefix):
    """The routes of the resolver at this prefix, by name."""
    (resolver,) = [
        entry
        for entry in urls.urlpatterns
        if isinstance(entry, URLResolver)
        and str(entry.pattern) == prefix
        and entry.app_name != "admin"
        and prefix
    ]
    return {route.name: route for route in _routes(resolver)}


def _routes(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry)
        else:
            yield Route(
                entry.name,
                "/api/v1/" + str(entry.pattern).replace("<id:", "{").replace(">", "}"),
                tuple(entry.pattern.converters),
                _methods(entry.callback),
            )


def _methods(view):
    if not hasattr(view, "view_class"):
        return ("GET",)
    return tuple(method for method in METHODS if hasattr(view.view_class, method.lower()))
