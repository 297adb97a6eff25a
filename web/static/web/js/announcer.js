/**
 * Says what happened to people who do not see it: one polite region, one message at a time.
 */

import { byId } from "./dom.js";

/** Messages closer than this are said together; a screen reader would drop the first. */
const TOGETHER_MS = 400;
/** While a page catches up, nobody wants to hear all that it missed. */
const AT_ONCE = 3;

export class Announcer {
  /** @type {{sentence: string, subject: string}[]} */
  #waiting = [];
  #timer = 0;

  /** @param {string} sentence @param {string} [subject]  of the same subject only the latest is said */
  say(sentence, subject = "") {
    const others = this.#waiting.filter((one) => !subject || one.subject !== subject);
    this.#waiting = [...others, { sentence, subject }].slice(-AT_ONCE);
    this.#timer ||= setTimeout(() => this.#speak(), TOGETHER_MS);
  }

  #speak() {
    this.#timer = 0;
    const sentences = this.#waiting.map(({ sentence }) => sentence.replace(/\.?$/, "."));
    byId("announcements").textContent = sentences.join(" ");
    this.#waiting = [];
  }
}
