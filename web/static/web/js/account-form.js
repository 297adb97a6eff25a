/** Forms that say what is wrong beside the field it concerns, and steps of which one is on show. */

import { AccountError } from "./account-api.js";
import { byId, h, setText } from "./dom.js";

/** The token of a mailed link stands in the fragment, which no server sees. */
export function mailedToken() {
  return location.hash.slice(1);
}

/** A used token has no business in the browser's history. */
export function forgetToken() {
  history.replaceState(null, "", location.pathname);
}

/** Show one step of the page and move there. @param {string} id */
export function showStep(id) {
  for (const step of document.querySelectorAll("[data-step]")) {
    /** @type {HTMLElement} */ (step).hidden = step.id !== id;
  }
  const heading = byId(id).querySelector("h1, h2");
  if (heading instanceof HTMLElement) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/**
 * Send a form by `send`; while it is under way the button rests, and a refusal is shown in place.
 *
 * @param {string} id
 * @param {(values: Record<string, string>) => Promise<void>} send
 * @param {(error: AccountError) => boolean} [handles]  refusals that the page shows in its own way
 */
export function onSubmit(id, send, handles = () => false) {
  const form = /** @type {HTMLFormElement} */ (byId(id));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form);
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
    button.disabled = true;
    try {
      await send(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
      if (!handles(error)) complain(form, error);
    } finally {
      button.disabled = false;
    }
  });
  wireShowPassword(form);
}

/** @param {HTMLFormElement} form @param {AccountError} error */
export function complain(form, error) {
  let placed = false;
  for (const [field, messages] of Object.entries(error.fields)) {
    const input = inputFor(form, field);
    if (!input || !Array.isArray(messages)) continue;
    mark(input, messages.join(" "));
    if (!placed) input.focus();
    placed = true;
  }
  if (!placed) setText(alertOf(form), error.message);
}

/** A weak password is said of `password`, whatever the field is called. @param {HTMLFormElement} form @param {string} field */
function inputFor(form, field) {
  const input = form.elements.namedItem(field);
  if (input instanceof HTMLInputElement) return input;
  return /** @type {HTMLInputElement | null} */ (field === "password" ? form.querySelector("[autocomplete=new-password]") : null);
}

/** @param {HTMLInputElement} input @param {string} message */
function mark(input, message) {
  const id = `${input.id}-error`;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  input.closest(".field")?.append(h("p", { class: "field__error", id }, message));
}

/** @param {HTMLFormElement} form */
function clear(form) {
  setText(alertOf(form), "");
  for (const error of form.querySelectorAll(".field__error")) error.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

/** @param {HTMLFormElement} form */
function alertOf(form) {
  return /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
}

/** @param {HTMLFormElement} form */
function wireShowPassword(form) {
  const box = form.querySelector("[data-show-password]");
  const input = form.querySelector("input[type=password]");
  box?.addEventListener("change", () => {
    const isShown = /** @type {HTMLInputElement} */ (box).checked;
    /** @type {HTMLInputElement} */ (input).type = isShown ? "text" : "password";
  });
}
