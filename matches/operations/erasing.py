"""Erasing a player: the row stays, without a word about who it was.

Events, line-ups and scores hang on it, and feeds name it by its id alone; so what was played
stands, and no feed is rewritten.
"""

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import CASCADE, Q
from django.utils import timezone

from accounts.models import User
from accounts.operations import forget_in_log, record_audit
from accounts.queries.personal_data import Rows, owned_rows, relations_to
from accounts.queries.traces import log_entries_about, log_entries_naming
from core.errors import ForbiddenError, NotFoundError
from matches.models import EventRevision, Match, Player, SquadMembership
from matches.policies import can_manage_roster
from matches.queries.personal_data import KEPT, events_about, names_of, revisions_of
from matches.rules.kinds import IN_PLAY


@transaction.atomic
def erase_player(*, player: Player, actor: User | None = None) -> None:
    """Forget who a player was; members see a number from now on, as outsiders do.

    `actor` None is the operator at the command line. Raises ForbiddenError, and NotFoundError when
    the player was deleted meanwhile.
    """
    if actor and not can_manage_roster(actor, player.organisation_id):
        raise ForbiddenError
    _lock_matches(player)
    player = _locked(player)
    owned = owned_rows(player)
    names = names_of(player, owned)
    _forget_texts(player)
    _forget_rows(player)
    _forget_person(player)
    _forget_in_log(owned, names)
    record_audit(
        action="person_erased", actor=actor, organisation=player.organisation_id, target="player"
    )


def _lock_matches(player: Player) -> None:
    """Wait for whoever is writing about the player, in a match played before or right now."""
    about = Q(pk__in=events_about(player).order_by().values("match_id"))
    about |= Q(organisation_id=player.organisation_id, status__in=IN_PLAY)
    matches = Match.objects.filter(about).order_by("pk")
    list(matches.select_for_update(no_key=True).values_list("pk"))


def _locked(player: Player) -> Player:
    found = Player.objects.select_for_update(no_key=True).filter(pk=player.pk).first()
    if found is None:
        raise NotFoundError
    return found


def _forget_texts(player: Player) -> None:
    # The version of an event stays: it is in the feed, which says nothing of notes.
    events = events_about(player)
    revisions = list(revisions_of(events))
    for revision in revisions:
        revision.reason = ""
        revision.before = revision.before | {"notes": ""}
        revision.after = revision.after | {"notes": ""}
    events.update(notes="")
    EventRevision.objects.bulk_update(revisions, ["reason", "before", "after"], batch_size=500)


def _forget_rows(player: Player) -> None:
    # The number stays, for the matches in which it was worn; since and until when tells of a life.
    today = timezone.now().date()
    SquadMembership.objects.filter(player=player).update(joined_on=None, left_on=today)
    # What an app built later hangs on players is deleted unless it is known to say nothing.
    for relation in relations_to(Player):
        if relation.remote_field.on_delete is CASCADE and relation.model not in KEPT:
            relation.model._base_manager.filter(**{relation.name: player}).delete()


def _forget_person(player: Player) -> None:
    player.name = player.notes = player.position = ""
    player.birth_date, player.name_consent = None, False
    player.version += 1
    player.save()


def _forget_in_log(owned: Rows, names: set[str]) -> None:
    about = [entry.pk for entry in log_entries_about(owned)]
    LogEntry.objects.filter(pk__in=about).delete()
    forget_in_log(entries=log_entries_naming(names))
