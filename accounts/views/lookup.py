"""The organisation that a route names, if the caller may see it, or manages it."""

from uuid import UUID

from rest_framework.request import Request

from accounts.authentication import actor_of
from accounts.models import Organisation
from accounts.policies import can_manage
from core.api.answers import find
from core.errors import ForbiddenError


def visible_organisation(request: Request, organisation_id: UUID) -> Organisation:
    return find(Organisation.objects.visible_to(actor_of(request)), organisation_id)


def managed_organisation(request: Request, organisation_id: UUID) -> Organisation:
    """For what only those who manage it may read; ForbiddenError for the other members."""
    organisation = visible_organisation(request, organisation_id)
    if not can_manage(actor_of(request), organisation.pk):
        raise ForbiddenError
    return organisation
