/**
 * Building and updating elements. Whatever came from people goes in as text, never as markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `h("li", { class: "row", "data-side": "home" }, "text", child)`. Absent children
 * (null, false, "") are left out, so a condition can stand where the child would.
 *
 * @param {string} name @param {Record<string, string>} [attributes]
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(name), attributes, children));
}

/**
 * @param {string} name @param {Record<string, string>} [attributes] @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (fill(document.createElementNS(SVG, name), attributes, children));
}

/** @param {Element} element @param {Record<string, string>} attributes @param {any[]} children */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

/** Text that only a screen reader gives. @param {string} text */
export function spoken(text) {
  return h("span", { class: "visually-hidden" }, text);
}

/** The element with this id, which the page's template promises. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/** Touch the text only if it changed: a live region speaks at each touch. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string} value */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Play the animation of a class, also when it was played before. @param {HTMLElement} element @param {string} name */
export function playAnimation(element, name) {
  element.classList.remove(name);
  // Reading the layout between the two makes the animation start again.
  void element.offsetWidth;
  element.classList.add(name);
}

/**
 * Children one by one for `items`: kept while their content is the same, so that focus, selection
 * and animations survive an update; made again when it changed; put in the order of the items.
 *
 * @template T
 * @param {Element} parent @param {T[]} items
 * @param {{key: (item: T) => string, build: (item: T) => Element}} how
 */
export function reconcile(parent, items, { key, build }) {
  const before = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  const children = items.map((item) => {
    const content = JSON.stringify(item);
    const kept = before.get(key(item));
    if (kept && CONTENT.get(kept) === content) return kept;
    const made = build(item);
    made.setAttribute("data-key", key(item));
    CONTENT.set(made, content);
    return made;
  });
  place(parent, children);
}

/** What each child was built from. @type {WeakMap<Element, string>} */
const CONTENT = new WeakMap();

/** @param {Element} parent @param {Element[]} children */
function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
