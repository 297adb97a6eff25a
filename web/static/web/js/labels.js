/**
 * The words for what the feed says in codes. British English, plain, complete on their own.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Period} Period
 * @typedef {import("./types.js").Side} Side
 */

const ORDINALS = ["", "First", "Second", "Third", "Fourth"];

const EVENT_TITLES = {
  goal: "Goal",
  own_goal: "Own goal",
  assist: "Assist",
  key_pass: "Key pass",
  save: "Save",
  interception: "Interception",
  tackle: "Tackle",
  foul: "Foul",
  free_kick: "Free kick",
  ball_out: "Ball out of play",
  yellow_card: "Yellow card",
  second_yellow: "Second yellow card",
  red_card: "Red card",
  substitution: "Substitution",
  shot: "Shot",
  corner: "Corner",
  offside: "Offside",
  sin_bin: "Sin bin",
  penalty_missed: "Penalty missed",
  injury: "Injury",
  note: "Note",
};

const PENALTY_TITLES = {
  awarded: "Penalty awarded",
  scored: "Penalty scored",
  saved: "Penalty saved",
  missed: "Penalty missed",
  retaken: "Penalty to be retaken",
};

const KICK_TITLES = { scored: "Scored", saved: "Saved", missed: "Missed", retaken: "To be retaken" };

const STATUS_TEXTS = {
  postponed: "Postponed",
  cancelled: "Cancelled",
  abandoned: "Abandoned",
  awarded: "Awarded",
};

/** @param {MatchEvent} event */
export function eventTitle(event) {
  if (event.kind === "penalty") return PENALTY_TITLES[event.outcome] ?? "Penalty";
  if (event.kind === "shootout_kick") return KICK_TITLES[event.outcome] ?? "Kick";
  return EVENT_TITLES[event.kind] ?? event.kind.replaceAll("_", " ");
}

/** @param {MatchEvent} event @returns {string} "45+2′", or nothing when the time is unknown */
export function minuteText(event) {
  return /^\d/.test(event.minute) ? `${event.minute}′` : "";
}

/**
 * A player as this page may name them: by name, else by number, else not at all.
 *
 * @param {MatchState} state @param {string | null} player @returns {string}
 */
export function playerName(state, player) {
  if (player === null) return "";
  const person = state.people[player];
  const number = numberWorn(state, player) ?? person?.number;
  return person?.name ?? (number ? `No. ${number}` : "");
}

/** The line-up is newer than the directory, which is looked up only now and then. */
function numberWorn(/** @type {MatchState} */ state, /** @type {string} */ player) {
  const entries = [...state.lineups.home, ...state.lineups.away];
  return entries.find((entry) => entry.player === player)?.number;
}

/** A name without its first word, for where there is little room: "Di María". @param {string} name */
export function shortName(name) {
  if (/^\p{L}\./u.test(name)) return name;
  return name.split(" ").slice(1).join(" ") || name;
}

/** @param {Period} period @param {MatchState} state */
export function periodName(period, state) {
  const { regular_periods: regular, extra_time_periods: extra } = state.match.format;
  if (period.kind === "penalty_shootout") return "Penalty shoot-out";
  if (period.kind === "extra_time") {
    const part = partName(period.number - regular, extra);
    return part ? `Extra time, ${part.toLowerCase()}` : "Extra time";
  }
  return partName(period.number, regular) || "The match";
}

/** @param {number} number @param {number} of */
function partName(number, of) {
  if (of <= 1) return "";
  const part = of === 2 ? "half" : of === 4 ? "quarter" : "period";
  return ORDINALS[number] ? `${ORDINALS[number]} ${part}` : `Period ${number}`;
}

/** What the pause after a period is called. @param {Period} period @param {MatchState} state */
export function breakName(period, state) {
  const { regular_periods: regular, extra_time_periods: extra } = state.match.format;
  if (period.kind === "penalty_shootout") return "End of the shoot-out";
  if (period.kind === "extra_time") {
    const isLast = period.number >= regular + extra;
    return isLast ? "End of extra time" : "Half-time in extra time";
  }
  if (period.number * 2 === regular) return "Half-time";
  if (period.number >= regular) return "End of normal time";
  return `End of the ${partName(period.number, regular).toLowerCase()}`;
}

/**
 * Where the match stands, in a word for people and a word for the style sheet.
 *
 * @param {MatchState} state
 * @returns {{text: string, tone: "upcoming" | "live" | "break" | "over" | "off"}}
 */
export function standing(state) {
  const { status } = state.match;
  if (status === "scheduled") return { text: "Not started", tone: "upcoming" };
  if (status === "paused") return { text: "Paused", tone: "break" };
  if (status === "completed") return { text: endText(state), tone: "over" };
  if (status !== "live") return { text: STATUS_TEXTS[status] ?? status, tone: "off" };
  const latest = state.periods.at(-1);
  if (!latest) return { text: "About to start", tone: "live" };
  if (latest.ended_at) return { text: breakName(latest, state), tone: "break" };
  return { text: periodName(latest, state), tone: "live" };
}

/** @param {MatchState} state */
function endText(state) {
  if (state.shootout) return "Full time, decided on penalties";
  const hadExtraTime = state.periods.some((period) => period.kind === "extra_time");
  return hadExtraTime ? "Full time, after extra time" : "Full time";
}

/** @param {string} stamp @returns {string} "Sunday 18 December 2022, 15:00" in the reader's own zone */
export function kickoffText(stamp) {
  const day = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const time = { hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", /** @type {any} */ ({ ...day, ...time })).format(
    new Date(stamp),
  );
}

/** @param {number | Date} moment @returns {string} "15:32" */
export function timeOfDay(moment) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(moment);
}

/** @param {MatchState} state @returns {string} "Argentina 3, France 3 (4-2 on penalties)" */
export function scoreSentence(state) {
  const { home, away } = state.teams;
  const score = `${home.name} ${state.score.home}, ${away.name} ${state.score.away}`;
  if (!state.shootout) return score;
  return `${score} (${state.shootout.home}–${state.shootout.away} on penalties)`;
}

/**
 * One event as a sentence, for screen readers and the landing page.
 *
 * @param {MatchState} state @param {MatchEvent} event
 */
export function eventSentence(state, event) {
  const team = event.side ? state.teams[event.side].name : "";
  const who = [team, people(state, event)].filter(Boolean).join(", ");
  const minute = /^\d/.test(event.minute) ? `minute ${event.minute}` : "";
  const title = event.kind === "shootout_kick" ? `Penalty kick ${eventTitle(event).toLowerCase()}` : eventTitle(event);
  return [[title, who].filter(Boolean).join(", "), minute].filter(Boolean).join(", ");
}

/** @param {MatchState} state @param {MatchEvent} event */
function people(state, event) {
  if (event.kind !== "substitution") return playerName(state, event.player);
  const on = playerName(state, event.player_on);
  const off = playerName(state, event.player_off);
  return [on && `${on} on`, off && `${off} off`].filter(Boolean).join(", ");
}
