/**
 * The live document of a match, kept current by the entries of its feed.
 *
 * Pure: a snapshot and every entry after it give the same state as a fresh snapshot, and no
 * function changes the state it was given.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Entry} Entry
 */

/** @param {{epoch: string, seq: number, data: object}} frame @returns {MatchState} */
export function fromSnapshot(frame) {
  return /** @type {MatchState} */ ({ ...frame.data, epoch: frame.epoch, seq: frame.seq });
}

/**
 * The state after one entry. A kind this page does not know moves the position only.
 *
 * @param {MatchState} state @param {Entry} entry @returns {MatchState}
 */
export function reduce(state, entry) {
  const change = CHANGES.get(entry.type);
  const changed = change ? change(state, entry.data) : {};
  return { ...state, ...changed, seq: entry.seq };
}

/** Every player the state mentions and its directory does not know. @param {MatchState} state */
export function unknownPlayers(state) {
  const mentioned = [
    ...state.lineups.home.map((entry) => entry.player),
    ...state.lineups.away.map((entry) => entry.player),
    ...state.events.flatMap((event) => [event.player, event.player_on, event.player_off]),
  ];
  const unknown = mentioned.filter((player) => player !== null && !(player in state.people));
  return [...new Set(unknown)];
}

/** By period, match clock (unknown last) and order of recording, as the server orders them. */
function inOrder(/** @type {MatchEvent} */ one, /** @type {MatchEvent} */ other) {
  return (
    one.period - other.period ||
    clockOf(one) - clockOf(other) ||
    one.sequence - other.sequence
  );
}

/** @param {MatchEvent} event */
function clockOf(event) {
  // Not Infinity: the difference of two unknown times must be 0 for the sequence to decide.
  return event.clock_ms ?? Number.MAX_SAFE_INTEGER;
}

/** @param {MatchState} state @param {any} data */
function putEvent(state, data) {
  const { score, shootout, ...event } = data;
  const others = state.events.filter((known) => known.event_id !== event.event_id);
  return { events: [...others, event].sort(inOrder), score, shootout };
}

/** @param {MatchState} state @param {any} data */
function removeEvent(state, data) {
  const events = state.events.filter((known) => known.event_id !== data.event_id);
  return { events, score: data.score, shootout: data.shootout };
}

/** @param {MatchState} state @param {any} data */
function changePeriod(state, data) {
  const others = state.periods.filter((known) => known.number !== data.period.number);
  const periods = [...others, data.period].sort((one, other) => one.number - other.number);
  return { ...changeClock(state, data), periods };
}

/** @param {MatchState} state @param {any} data */
function changeClock(state, data) {
  return { match: { ...state.match, status: data.status }, clock: data.clock };
}

/** @param {MatchState} state @param {any} data */
function changeLineup(state, data) {
  return { lineups: { ...state.lineups, [data.side]: data.lineup } };
}

/** @param {MatchState} _state @param {any} data */
function changeMatch(_state, data) {
  const { match, teams, score, shootout, clock } = data;
  return { match, teams, score, shootout, clock };
}

/** @param {MatchState} state @param {any} data */
function finish(state, data) {
  return { ...changeClock(state, data), score: data.score, shootout: data.shootout };
}

/** @type {Map<string, (state: MatchState, data: any) => Partial<MatchState>>} */
const CHANGES = new Map([
  ["event_logged", putEvent],
  ["substitution", putEvent],
  ["event_updated", putEvent],
  ["event_deleted", removeEvent],
  ["period_started", changePeriod],
  ["period_ended", changePeriod],
  ["clock_changed", changeClock],
  ["lineup_changed", changeLineup],
  ["match_changed", changeMatch],
  ["match_finished", finish],
]);

/** Every kind that changes something. */
export const KINDS = [...CHANGES.keys()];
