"""Finding the people of a file among those the organisation knows, and adding the others."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from matches.files.draft import PlayerDraft
from matches.files.names import folded
from matches.models import Player, SquadMembership, Team


def find_players(team: Team, drafts: Sequence[PlayerDraft]) -> dict[str, UUID]:
    """The key of each player by the `ref` of the file; for use within `import_match` only.

    A player is the same who is written alike, but for accents and capitals, and was not born on
    another day. What the squad did not know of them is filled in, nothing is overwritten.
    """
    unmatched = list(team.squad.select_related("player").order_by("pk"))
    unmatched.sort(key=lambda row: row.left_on is not None)
    taken = {row.number for row in unmatched if row.left_on is None}
    found: list[tuple[PlayerDraft, SquadMembership]] = []
    for draft in drafts:
        row = _same_person(draft, unmatched)
        if row is None:
            row = SquadMembership(team=team, player=Player(organisation_id=team.organisation_id))
        else:
            unmatched.remove(row)
        found.append((draft, row))
    _save_players([row.player for draft, row in found if _complete(row.player, draft)])
    _save_squad([row for draft, row in found if _give_number(row, draft.number, taken)])
    return {draft.ref: row.player.pk for draft, row in found}


def _same_person(draft: PlayerDraft, rows: Iterable[SquadMembership]) -> SquadMembership | None:
    """Of several, the one with the same number, else the first."""
    same = [
        row
        for row in rows
        if folded(row.player.name) == folded(draft.name)
        and (not draft.birth_date or row.player.birth_date in {None, draft.birth_date})
    ]
    same.sort(key=lambda row: row.number != draft.number)
    return same[0] if same else None


def _complete(player: Player, draft: PlayerDraft) -> bool:
    """Fill in what is not known; return whether that changed anything."""
    known = (player.name, player.birth_date, player.position)
    if player._state.adding:
        player.name, player.name_consent = draft.name, draft.name_consent
    player.birth_date = player.birth_date or draft.birth_date
    player.position = player.position or draft.position or ""
    return known != (player.name, player.birth_date, player.position)


def _give_number(row: SquadMembership, number: int | None, taken: set[int | None]) -> bool:
    """A number that somebody else of the squad wears stays theirs."""
    if row.number is None and row.left_on is None and number is not None and number not in taken:
        taken.add(number)
        row.number = number
        return True
    return row._state.adding


def _save_players(players: Sequence[Player]) -> None:
    new = [player for player in players if player._state.adding]
    old = [player for player in players if not player._state.adding]
    for player in old:
        player.version += 1
    Player.objects.bulk_create(new)
    Player.objects.bulk_update(old, ["birth_date", "position", "version"])


def _save_squad(rows: Sequence[SquadMembership]) -> None:
    new = [row for row in rows if row._state.adding]
    old = [row for row in rows if not row._state.adding]
    SquadMembership.objects.bulk_create(new)
    SquadMembership.objects.bulk_update(old, ["number"])
