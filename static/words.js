// Says in the reader's language what the widgets say of their own in English, and lets who walks by keyboard out of tables.
(() => {
  if (window.saysWords) return;
  window.saysWords = true;
  const SAID = ["aria-label", "placeholder", "title"];
  const first = new WeakMap(); // what stood in a node before, so that another language can be said instead
  let words = {}, patterns = [];

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const said = (text) => {
    const plain = text.trim();
    if (plain in words) return text.replace(plain, () => words[plain]);
    for (const [pattern, other] of patterns) {
      const found = plain.match(pattern);
      if (found) return other.replace("{what}", () => found[1]);
    }
    return text;
  };
  const put = (node, name, now, set) => {
    if (!now) return;
    const held = first.get(node) ?? {};
    const from = held[name]?.shown === now ? held[name].from : now;
    const shown = said(from);
    if (shown !== from || held[name]) first.set(node, { ...held, [name]: { from, shown } });
    if (shown !== now) set(shown);
  };
  const text = (node) => put(node, "text", node.nodeValue, (to) => (node.nodeValue = to));
  const named = (element) => {
    for (const name of SAID) put(element, name, element.getAttribute(name), (to) => element.setAttribute(name, to));
  };
  // What comes from us or from the data is never theirs, even where it reads the same: charts, cells, texts, names to pick.
  const ours = (element) =>
    element.closest("svg, canvas, code, [data-testid=stMarkdownContainer]") &&
    !element.closest("[data-testid=stFileUploader]") || element.closest("[role=option]")?.textContent.match(/^\S+$/);
  const all = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return root.parentElement && !ours(root.parentElement) && text(root);
    if (root.nodeType !== Node.ELEMENT_NODE || ours(root)) return;
    named(root);
    for (const child of root.childNodes) all(child);
  };
  // Dates, numbers and months are written as the page speaks, whatever the browser was set to.
  const browsers = [...navigator.languages];
  const speak = (language) => {
    const spoken = browsers.find((one) => one.split("-")[0] === language) ?? language;
    document.documentElement.lang = language;
    Object.defineProperty(navigator, "language", { configurable: true, get: () => spoken });
    Object.defineProperty(navigator, "languages", { configurable: true, get: () => [spoken, ...browsers] });
    window.dispatchEvent(new Event("languagechange"));
  };
  const read = () => {
    const at = document.querySelector("[data-words]");
    if (!at || at.dataset.words === window.wordsSaid) return;
    window.wordsSaid = at.dataset.words;
    speak(at.dataset.language);
    const pairs = Object.entries(JSON.parse(at.dataset.words));
    words = Object.fromEntries(pairs.filter(([from]) => !from.includes("{what}")));
    patterns = pairs.filter(([from]) => from.includes("{what}"))
      .map(([from, to]) => [new RegExp(`^${escaped(from).replace("\\{what\\}", "(.+)")}$`), to]);
    all(document.body);
  };
  new MutationObserver((changes) => {
    read();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(all);
      else if (change.type === "characterData") all(change.target);
      else if (!ours(change.target)) named(change.target);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: [...SAID, "data-words"] });
  read();

  // Tab stands on a table and leads out of it; its first row is picked by an arrow or Enter, not by passing through, because
  // a picked row may lead to another page. Esc shuts the drawer a table stands in.
  const WALKS = ["Enter", " ", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"];
  let byTab = false, waiting = null;
  document.addEventListener("pointerdown", () => (byTab = false), true);
  document.addEventListener("focusin", (event) => {
    waiting = byTab && event.target.matches("[data-testid=stDataFrame] canvas") ? event.target : null;
    if (waiting) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("keydown", (pressed) => {
    const at = document.activeElement, table = at?.closest("[data-testid=stDataFrame]");
    byTab = pressed.key === "Tab";
    if (table && byTab) pressed.stopPropagation();
    if (table && pressed.key === "Escape") table.closest("[role=dialog]")?.querySelector("button[aria-label]")?.click();
    if (at === waiting && WALKS.includes(pressed.key)) {
      pressed.stopPropagation();
      pressed.preventDefault();
      at.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    }
  }, true);
})();
