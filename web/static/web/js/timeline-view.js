/**
 * The timeline as a list of periods, newest first unless the reader turns it round.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./timeline.js").Row} Row
 * @typedef {import("./timeline.js").Chapter} Chapter
 */

import { byId, h, reconcile, setAttribute, setText, spoken } from "./dom.js";
import { eventIcon, icon } from "./icons.js";
import { eventTitle, minuteText, periodName, playerName } from "./labels.js";
import { chapters, hiddenCount } from "./timeline.js";

export class TimelineView {
  #isFull = false;
  #isOldestFirst = false;
  /** @type {MatchState | null} */
  #state = null;

  constructor() {
    byId("show-all").addEventListener("click", () => this.#turn(() => (this.#isFull = !this.#isFull)));
    byId("turn-round").addEventListener("click", () =>
      this.#turn(() => (this.#isOldestFirst = !this.#isOldestFirst)),
    );
  }

  /** @param {MatchState} state */
  update(state) {
    this.#state = state;
    const shown = chapters(state, { isFull: this.#isFull });
    const inOrder = this.#isOldestFirst ? shown : [...shown].reverse();
    reconcile(byId("timeline"), inOrder.map((chapter) => ({ number: chapter.period.number })), {
      key: (chapter) => String(chapter.number),
      build: () => chapterItem(),
    });
    inOrder.forEach((chapter, index) => {
      this.#fill(byId("timeline").children[index], chapter, state);
    });
    byId("timeline-empty").hidden = shown.length > 0;
    this.#controls(state);
  }

  /** Let the rows of these events stand out for a moment. @param {Iterable<string>} eventIds */
  highlight(eventIds) {
    for (const eventId of eventIds) {
      byId("timeline").querySelector(`[data-key="${CSS.escape(eventId)}"]`)?.classList.add("is-new");
    }
  }

  /** @param {() => void} change */
  #turn(change) {
    change();
    if (this.#state) this.update(this.#state);
  }

  /** @param {MatchState} state */
  #controls(state) {
    const hidden = hiddenCount(state);
    byId("show-all").hidden = hidden === 0;
    setText(byId("show-all"), this.#isFull ? "Key events only" : `Show all (${hidden} more)`);
    setText(byId("turn-round"), this.#isOldestFirst ? "Newest first" : "Oldest first");
    byId("turn-round").hidden = state.events.length < 2;
  }

  /** @param {Element} item @param {Chapter} chapter @param {MatchState} state */
  #fill(item, chapter, state) {
    const [heading, rows, empty] = item.children;
    setText(heading.children[0], periodName(chapter.period, state));
    setText(heading.children[1], chapterResult(chapter));
    setAttribute(rows, "data-kind", chapter.period.kind);
    const inOrder = this.#isOldestFirst ? chapter.rows : [...chapter.rows].reverse();
    reconcile(rows, inOrder.map((row) => content(row, state)), {
      key: (row) => row.key,
      build: rowItem,
    });
    /** @type {HTMLElement} */ (empty).hidden = chapter.rows.length > 0;
  }
}

/** The score at its end. @param {Chapter} chapter */
function chapterResult(chapter) {
  if (!chapter.period.ended_at) return "";
  const { home, away } = chapter.shootout ?? chapter.score;
  return `${home}–${away}`;
}

function chapterItem() {
  return h(
    "li",
    { class: "chapter" },
    h("h3", { class: "chapter__name" }, h("span"), h("span", { class: "chapter__result" })),
    h("ol", { class: "rows" }),
    h("p", { class: "chapter__empty" }, "Nothing of note yet."),
  );
}

/**
 * All that a row shows, as plain data: the row is built again when, and only when, it changes.
 *
 * @param {Row} row @param {MatchState} state
 */
function content(row, state) {
  const { event } = row;
  const name = (/** @type {string | null} */ player) => playerName(state, player);
  return {
    key: event.event_id,
    event,
    side: row.side,
    team: event.side ? state.teams[event.side].name : "",
    title: eventTitle(event),
    minute: minuteText(event),
    isGoal: row.isGoal,
    score: row.score && `${row.score.home}–${row.score.away}`,
    player: name(event.player),
    on: name(event.player_on),
    off: name(event.player_off),
    assist: row.assist ? name(row.assist.player) : "",
  };
}

/** @typedef {ReturnType<typeof content>} RowContent */

/** @param {RowContent} row */
function rowItem(row) {
  const classes = ["row", row.isGoal && "row--goal", `row--${row.event.kind}`].filter(Boolean).join(" ");
  return h(
    "li",
    { class: classes, "data-side": row.side ?? "none", "data-outcome": row.event.outcome },
    h("div", { class: "row__moment" }, row.minute && h("span", { class: "row__minute" }, row.minute), rowScore(row)),
    h("div", { class: "row__what" }, eventIcon(row.event), h("div", { class: "row__words" }, ...words(row))),
  );
}

/** @param {RowContent} row */
function rowScore(row) {
  if (!row.score) return null;
  return h("span", { class: "row__score" }, spoken("Score "), row.score);
}

/** @param {RowContent} row @returns {(Node | null)[]} */
function words(row) {
  if (row.event.kind === "substitution") return substitution(row);
  const heading = h("span", { class: "row__title" }, row.title);
  const who = row.player && h("span", { class: "row__who" }, row.player);
  const assist = row.assist && h("span", { class: "row__note" }, `Assist: ${row.assist}`);
  return [who || null, heading, teamWord(row), assist || null];
}

/** @param {RowContent} row @returns {(Node | null)[]} */
function substitution(row) {
  const line = (/** @type {string} */ name, /** @type {"on" | "off"} */ way) =>
    name ? h("span", { class: `row__${way}` }, icon(way), spoken(way === "on" ? "On: " : "Off: "), name) : null;
  const lines = [line(row.on, "on"), line(row.off, "off")];
  const isNamed = lines.some(Boolean);
  return [isNamed ? spoken(row.title) : h("span", { class: "row__title" }, row.title), ...lines, teamWord(row)];
}

/** The side of the page shows the team; a screen reader needs the word, and an own goal needs it, too. */
function teamWord(/** @type {RowContent} */ row) {
  if (!row.team) return null;
  return row.event.kind === "own_goal" ? h("span", { class: "row__note" }, `by ${row.team}`) : spoken(row.team);
}
