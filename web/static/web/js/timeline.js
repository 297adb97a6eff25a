/**
 * The events of a match as rows under their periods, with the score after each goal. Pure.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Period} Period
 * @typedef {import("./types.js").Side} Side
 * @typedef {import("./types.js").Tally} Tally
 *
 * @typedef {object} Row
 * @property {MatchEvent} event
 * @property {Side | null} side  whose it is: an own goal stands with the side it counts for
 * @property {boolean} isGoal
 * @property {Tally | null} score  after this event, if it changed the score or the shoot-out
 * @property {MatchEvent | null} assist
 *
 * @typedef {{period: Period, rows: Row[], score: Tally, shootout: Tally | null}} Chapter
 */

const KEY_KINDS = new Set([
  "goal",
  "own_goal",
  "penalty",
  "penalty_missed",
  "yellow_card",
  "second_yellow",
  "red_card",
  "sin_bin",
  "substitution",
  "shootout_kick",
]);

/** @param {MatchEvent} event */
export function isGoal(event) {
  const { kind, outcome } = event;
  return kind === "goal" || kind === "own_goal" || (kind === "penalty" && outcome === "scored");
}

/** @param {MatchEvent} event @returns {Side | null} */
export function benefits(event) {
  if (event.kind !== "own_goal" || !event.side) return event.side;
  return event.side === "home" ? "away" : "home";
}

/**
 * Chapters in order of play. Without `isFull`, only what changes a match: goals, cards,
 * substitutions, penalties.
 *
 * @param {MatchState} state @param {{isFull?: boolean}} [options] @returns {Chapter[]}
 */
export function chapters(state, { isFull = false } = {}) {
  const assists = assistsByGoal(state.events);
  const attached = new Set([...assists.values()].map((assist) => assist.event_id));
  const running = { score: { home: 0, away: 0 }, kicks: { home: 0, away: 0 } };
  return periodsOf(state).map((period) => {
    const events = state.events.filter((event) => event.period === period.number);
    const rows = events.map((event) => rowOf(event, assists, running));
    const isShown = (/** @type {Row} */ row) =>
      !attached.has(row.event.event_id) && (isFull || KEY_KINDS.has(row.event.kind));
    const shootout = period.kind === "penalty_shootout" ? { ...running.kicks } : null;
    return { period, rows: rows.filter(isShown), score: { ...running.score }, shootout };
  });
}

/** The most recent row of note, for a card with room for one. @param {MatchState} state */
export function latestRow(state) {
  return chapters(state).flatMap((chapter) => chapter.rows).at(-1) ?? null;
}

/** How many events the short timeline leaves out. @param {MatchState} state */
export function hiddenCount(state) {
  const count = (/** @type {Chapter[]} */ all) => all.reduce((sum, one) => sum + one.rows.length, 0);
  return count(chapters(state, { isFull: true })) - count(chapters(state));
}

/**
 * Each side's scorers in order of their first goal; an own goal under the side it counts for.
 *
 * @param {MatchState} state @param {Side} side
 * @returns {{player: string | null, goals: MatchEvent[]}[]}
 */
export function scorers(state, side) {
  const goals = state.events.filter((event) => isGoal(event) && benefits(event) === side);
  /** @type {Map<string, {player: string | null, goals: MatchEvent[]}>} */
  const found = new Map();
  for (const goal of goals) {
    const key = `${goal.kind === "own_goal"} ${goal.player}`;
    const scorer = found.get(key) ?? { player: goal.player, goals: [] };
    found.set(key, { ...scorer, goals: [...scorer.goals, goal] });
  }
  return [...found.values()];
}

/** The kicks of the shoot-out in order, taken again ones left out. @param {MatchState} state @param {Side} side */
export function kicks(state, side) {
  const isKick = (/** @type {MatchEvent} */ event) =>
    event.kind === "shootout_kick" && event.side === side && event.outcome !== "retaken";
  return state.events.filter(isKick);
}

/** An event may arrive for a period this page was not told of; it still has its place. */
function periodsOf(/** @type {MatchState} */ state) {
  const known = new Set(state.periods.map((period) => period.number));
  const missing = new Set(state.events.map((event) => event.period).filter((number) => !known.has(number)));
  const made = [...missing].map((number) => ({
    number,
    kind: /** @type {const} */ ("regular"),
    length_ms: 0,
    base_ms: 0,
    started_at: "",
    ended_at: null,
  }));
  return [...state.periods, ...made].sort((one, other) => one.number - other.number);
}

/** @param {MatchEvent[]} events @returns {Map<string, MatchEvent>} */
function assistsByGoal(events) {
  const ids = new Set(events.map((event) => event.event_id));
  const linked = events.filter(
    (event) => event.kind === "assist" && event.linked_event && ids.has(event.linked_event),
  );
  return new Map(linked.map((event) => [/** @type {string} */ (event.linked_event), event]));
}

/**
 * @param {MatchEvent} event @param {Map<string, MatchEvent>} assists
 * @param {{score: Tally, kicks: Tally}} running  counted up
 * @returns {Row}
 */
function rowOf(event, assists, running) {
  const side = benefits(event);
  const counts = isGoal(event) ? running.score : isKickScored(event) ? running.kicks : null;
  if (counts && side) counts[side] += 1;
  const isKick = event.kind === "shootout_kick";
  return {
    event,
    side,
    isGoal: isGoal(event),
    score: isKick ? { ...running.kicks } : counts && { ...counts },
    assist: assists.get(event.event_id) ?? null,
  };
}

/** @param {MatchEvent} event */
function isKickScored(event) {
  return event.kind === "shootout_kick" && event.outcome === "scored";
}
