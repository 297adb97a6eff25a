"""Who acts, and for which organisation, when a command is run on the server."""

from django.core.management.base import CommandError

from accounts.models import Organisation, User
from accounts.queries import user_named


def chosen_actor(identifier: str | None) -> User:
    """The user named, else the first superuser."""
    if identifier:
        user = user_named(identifier)
        if user is None:
            raise CommandError(f"Nobody has the username or e-mail address {identifier!r}.")
        return user
    superuser = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if superuser is None:
        raise CommandError(
            "There is no superuser to act as. Name somebody with --as, or run "
            "`manage.py ensure_superuser`."
        )
    return superuser


def chosen_organisation(slug: str | None) -> Organisation:
    """The organisation named, else the only one there is."""
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    if slug is None and len(organisations) == 1:
        return next(iter(organisations.values()))
    if slug in organisations:
        return organisations[slug]
    if not organisations:
        raise CommandError(
            "There is no organisation yet: `manage.py create_organisation NAME --owner USERNAME`."
        )
    known = ", ".join(sorted(organisations))
    problem = "Say which organisation" if slug is None else f"No organisation is called {slug!r}"
    raise CommandError(f"{problem}; --organisation takes one of {known}.")
