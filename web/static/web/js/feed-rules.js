/**
 * What a reader of the feed does next: with an entry, after a close, before another try. Pure.
 *
 * @typedef {import("./types.js").Cursor} Cursor
 */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/** Nobody mends these by trying again. */
const FINAL_CLOSES = new Map([
  [4403, "gone"],
  [4404, "unknown"],
  [4410, "gone"],
]);

/** The server could not read what this page sent: after three, the page is broken, not the network. */
const MALFORMED_CLOSES = new Set([1003, 1007, 1009, 4422]);
const MALFORMED_LIMIT = 3;

/**
 * Apply the next entry only: an older one was applied before, a later one shows a hole.
 *
 * @param {Cursor | null} cursor @param {number} seq @returns {"apply" | "drop" | "hole"}
 */
export function placeOf(cursor, seq) {
  if (!cursor) return "hole";
  if (seq === cursor.seq + 1) return "apply";
  return seq <= cursor.seq ? "drop" : "hole";
}

/**
 * @param {number} code  of the close frame
 * @param {number} malformed  closes of that family so far, this one included
 * @returns {{action: "reconnect" | "renew" | "stop", reason: string}}
 */
export function afterClose(code, malformed) {
  const final = FINAL_CLOSES.get(code);
  if (final) return { action: "stop", reason: final };
  if (isMalformed(code) && malformed >= MALFORMED_LIMIT) return { action: "stop", reason: "broken" };
  return { action: code === 4401 ? "renew" : "reconnect", reason: "" };
}

/** @param {number} code */
export function isMalformed(code) {
  return MALFORMED_CLOSES.has(code);
}

/**
 * Exponential with a cap; a random half of it, so that a thousand viewers do not return at once.
 *
 * @param {number} attempt  failed tries since the last success, from 0
 * @param {number} random  0 to 1
 */
export function retryDelay(attempt, random) {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.round(longest * (0.5 + random / 2));
}
