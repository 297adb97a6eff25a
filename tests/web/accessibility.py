"""Checks of WCAG 2.2 that a program can make, on a page as the browser shows it."""

from playwright.sync_api import Page

UNREADABLE = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3)
    .map((value, index) => value * top[3] + under[index] * (1 - top[3])).concat(1);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const stops = (image) => image.match(/(rgba?|color)\\([^)]*\\)/g) ?? [];
  /** Every colour that may stand behind an element: of a gradient, all of its stops. */
  const behind = (element) => {
    if (!element) return [rgba(getComputedStyle(document.body).backgroundColor)];
    const style = getComputedStyle(element);
    const own = rgba(style.backgroundColor);
    const layers = stops(style.backgroundImage).map(rgba);
    const solid = layers.filter((layer) => layer[3] === 1);
    const veils = layers.filter((layer) => layer[3] > 0 && layer[3] < 1);
    const base = own[3] === 1 ? [own] : solid.length ? solid : behind(element.parentElement)
      .map((under) => over(own, under));
    return base.flatMap((under) => [under, ...veils.map((veil) => over(veil, under))]);
  };
  const problems = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const box = element.getBoundingClientRect();
    if (!text || !element.checkVisibility({ visibilityProperty: true }) || box.width <= 1) continue;
    if (element.closest("noscript")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    for (const under of behind(element)) {
      const pair = [luminance(over(rgba(style.color), under)), luminance(under)];
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (ratio < (isLarge ? 3 : 4.5)) problems.push(`${text}: ${ratio.toFixed(2)}`);
    }
  }
  return problems;
}"""

# A link within a sentence is as high as the sentence.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.closest("p, li")?.textContent.replace(one.textContent, "").trim())
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([text]) => text)"""

WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .map((one) => one.className || one.tagName)"""

STRUCTURE = """() => {
  const problems = [];
  const shown = (one) => one.checkVisibility();
  const headings = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown)
    .map((one) => Number(one.tagName[1]));
  if (headings.filter((level) => level === 1).length !== 1) problems.push("not one h1");
  headings.forEach((level, index) => {
    const before = headings[index - 1];
    if (index && level > before + 1) problems.push(`h${level} after h${before}`);
  });
  if (document.documentElement.lang !== "en-GB") problems.push("no language");
  if (document.querySelectorAll("main").length !== 1) problems.push("not one main");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  if (new Set(ids).size !== ids.length) problems.push("an id stands twice");
  for (const one of document.querySelectorAll("a, button")) {
    const name = one.getAttribute("aria-label") || one.textContent;
    if (!name.trim()) problems.push("a nameless control");
  }
  for (const one of document.querySelectorAll("[aria-labelledby]")) {
    const label = document.getElementById(one.getAttribute("aria-labelledby"));
    if (!label) problems.push("a label that is not there");
  }
  for (const one of document.querySelectorAll("[aria-hidden=true] :is(a, button, [tabindex])")) {
    problems.push(`${one.tagName} can be focused and not heard`);
  }
  for (const one of document.querySelectorAll("svg:not([aria-hidden=true] svg)")) {
    if (one.getAttribute("aria-hidden") !== "true") problems.push("a picture without words");
  }
  for (const one of document.querySelectorAll("ul > :not(li), ol > :not(li)")) {
    problems.push(`${one.tagName} in a list`);
  }
  return problems;
}"""

FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  const after = getComputedStyle(document.activeElement, "::after");
  const isMarked = [style, after]
    .some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
  return [document.activeElement.textContent.trim(), isMarked];
}"""


def problems(page: Page) -> list[str]:
    return page.evaluate(STRUCTURE) + page.evaluate(UNREADABLE) + page.evaluate(SMALL_TARGETS)


def too_wide(page: Page) -> list[str]:
    """What makes a page scroll sideways."""
    scrolls = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return page.evaluate(WIDE) if scrolls else []


def tab_stops(page: Page, count: int) -> list[tuple[str, bool]]:
    """What the tab key reaches, in order, and whether the focus can be seen there."""
    stops = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stops.append(tuple(page.evaluate(FOCUS)))
    return stops
