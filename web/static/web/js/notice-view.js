/** What the page says instead of a match, or above one that can no longer be followed. */

import { byId, setText } from "./dom.js";

const NOTICES = {
  incomplete: {
    title: "This link is incomplete",
    text: "The part after the # is missing. Open the whole link as it was sent to you, or ask for it again.",
  },
  unknown: {
    title: "This link leads to no match",
    text: "Perhaps a letter got lost on the way. Open the whole link as it was sent to you, or ask for it again.",
  },
  gone: {
    title: "This link has ended",
    text: "It has expired, or the club has withdrawn it. Ask whoever sent it to you for a new one.",
  },
  broken: {
    title: "This page cannot follow the match",
    text: "It does not understand the server any more. Reload the page; if that does not help, tell the club.",
  },
  waiting: {
    title: "The server does not answer",
    text: "The page keeps trying and will show the match as soon as it gets through.",
  },
};

/**
 * @param {keyof typeof NOTICES} reason
 * @param {{hasMatch?: boolean, since?: string}} [context]  with a match on show, how old it is
 */
export function showNotice(reason, { hasMatch = false, since = "" } = {}) {
  const notice = NOTICES[reason] ?? NOTICES.broken;
  const age = hasMatch ? ` Below is how the match stood${since ? ` at ${since}` : ""}.` : "";
  setText(byId("notice-title"), notice.title);
  setText(byId("notice-text"), notice.text + age);
  byId("notice").hidden = false;
  byId("notice").dataset.reason = reason;
}

export function hideNotice() {
  byId("notice").hidden = true;
}
