"""The steps of a match's life, one address each. The operation knows which are possible when."""

from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from core.api import documented
from core.api.answers import read_form, versioned
from core.api.idempotency import IdempotentMixin
from core.api.schema import errors
from core.api.serializers import StrictSerializer
from matches.models import Match
from matches.operations import lifecycle
from matches.serializers.lifecycle import (
    MomentSerializer,
    NewDateSerializer,
    PostponementSerializer,
    ReasonSerializer,
    StoppageSerializer,
)
from matches.serializers.matches import MatchSerializer, match_document
from matches.views.lookup import visible_match


class StepView(IdempotentMixin, APIView):
    operation: ClassVar[Callable[..., Match]]
    form_class: ClassVar[type[StrictSerializer]]

    def post(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        form = read_form(self.form_class, request)
        stepped = type(self).operation(match=match, actor=actor_of(request), **form.validated_data)
        return versioned(match_document(stepped), stepped.version)


def _step(
    name: str, summary: str, form_class: type[StrictSerializer]
) -> Callable[[type[StepView]], type[StepView]]:
    document = extend_schema(
        operation_id=f"matches_{name}",
        summary=summary,
        description="409 `illegal_transition` lists in `details.allowed` what is possible now.",
        tags=["matches"],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=form_class,
        responses={200: MatchSerializer, **errors(*documented.POSTED)},
    )

    def decorate(view: type[StepView]) -> type[StepView]:
        view.form_class = form_class
        return extend_schema_view(post=document)(view)

    return decorate


@_step("start", "Kick off", MomentSerializer)
class StartView(StepView):
    operation = staticmethod(lifecycle.start_match)


@_step("pause", "Stop the clock", MomentSerializer)
class PauseView(StepView):
    operation = staticmethod(lifecycle.pause_match)


@_step("resume", "Let the clock run on", MomentSerializer)
class ResumeView(StepView):
    operation = staticmethod(lifecycle.resume_match)


@_step("periods_start", "Begin the next period", MomentSerializer)
class StartPeriodView(StepView):
    operation = staticmethod(lifecycle.start_period)


@_step("periods_end", "End the running period", MomentSerializer)
class EndPeriodView(StepView):
    operation = staticmethod(lifecycle.end_period)


@_step("complete", "The final whistle", MomentSerializer)
class CompleteView(StepView):
    operation = staticmethod(lifecycle.complete_match)


@_step("abandon", "End play before its time", StoppageSerializer)
class AbandonView(StepView):
    operation = staticmethod(lifecycle.abandon_match)


@_step("postpone", "Put the match off", PostponementSerializer)
class PostponeView(StepView):
    operation = staticmethod(lifecycle.postpone_match)


@_step("cancel", "Call the match off", ReasonSerializer)
class CancelView(StepView):
    operation = staticmethod(lifecycle.cancel_match)


@_step("reschedule", "Give a postponed or cancelled match a date again", NewDateSerializer)
class RescheduleView(StepView):
    operation = staticmethod(lifecycle.reschedule_match)


@_step("reopen", "Make a finished match live again, between periods", ReasonSerializer)
class ReopenView(StepView):
    operation = staticmethod(lifecycle.reopen_match)
