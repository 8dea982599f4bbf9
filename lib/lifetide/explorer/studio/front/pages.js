// The pages beside the builder: tabs, and what the kernel draws for the audience on the desk. They live in a shadow
// tree with the report's style sheet, which comes with the first of them.

import { h } from "./dom.js";
import { readied, tips } from "./marks.js";

const BUILDER = "builder";
const TABS = [[BUILDER, "Builder"], ["overview", "Overview"], ["segments", "Segments"], ["rhythm", "Rhythm"],
  ["flows", "Flows"], ["customer", "One customer"]];

export function pages(desk, builder, announce) {
  let current = BUILDER;
  let sequence = 0;
  let place = 0;
  let isStyled = false;
  const asked = {};
  const host = h("div", { class: "page", role: "tabpanel", "data-lm-suppress-shortcuts": "true", hidden: true });
  const shadow = host.attachShadow({ mode: "open" });
  const style = h("style");
  const parts = h("div", { class: "parts" });
  const frame = h("div", { class: "frame" }, parts);
  frame.append(tips(frame, announce));
  shadow.append(style, frame);

  const tab = ([name, label]) => h("button", {
    type: "button", role: "tab", id: `${desk.token}-${name}`, "data-key": `tab:${name}`, onclick: () => go(name), onkeydown: arrows,
  }, label);
  const tabs = TABS.map(tab);
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Pages" }, tabs);

  function arrows(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (tabs.indexOf(event.currentTarget) + by + tabs.length) % tabs.length;
    go(TABS[at][0]);
    tabs[at].focus();
  }

  function go(name) {
    const isOther = name !== current;
    current = name;
    TABS.forEach(([one], at) => {
      tabs[at].setAttribute("aria-selected", String(one === name));
      tabs[at].tabIndex = one === name ? 0 : -1;
    });
    builder.hidden = name !== BUILDER;
    host.hidden = name === BUILDER;
    host.setAttribute("aria-labelledby", `${desk.token}-${name}`);
    if (name === BUILDER) return;
    if (isOther) parts.replaceChildren(h("p", { class: "waiting" }, "Counting…"));
    ask();
  }

  /** Asks for the page anew; what was asked before is not shown any more. */
  function ask() {
    if (current === BUILDER) return;
    sequence += 1;
    place = 0;
    desk.page({ seq: sequence, name: current, asked, sheet: !isStyled });
  }

  function shown(message) {
    if (message.sheet) {
      style.textContent = message.sheet;
      isStyled = true;
    }
    if (message.seq !== sequence) return;
    const active = shadow.activeElement;
    const key = active && [active.id && `#${active.id}`, active.dataset.ask && `[data-ask="${active.dataset.ask}"][data-value="${CSS.escape(active.dataset.value)}"]`].find(Boolean);
    for (const part of [...new DOMParser().parseFromString(message.html ?? "", "text/html").body.children]) put(readied(part));
    if (message.isLast) {
      while (parts.children.length > place) parts.lastChild.remove();
      announce(`${TABS.find(([name]) => name === current)[1]} is shown`);
    }
    if (key && !shadow.activeElement) parts.querySelector(key)?.focus({ preventScroll: true });
  }

  /** A part takes the place of the one with its id, and keeps open what was open. */
  function put(part) {
    if (place && parts.children[place - 1].id === part.id) place -= 1;
    const old = parts.children[place];
    if (old && (old.id === part.id || old.className === "waiting")) {
      const open = [...old.querySelectorAll("details")].map((one) => one.open);
      part.querySelectorAll("details").forEach((one, at) => { one.open = Boolean(open[at]); });
      old.replaceWith(part);
    } else parts.insertBefore(part, old ?? null);
    place += 1;
  }

  const want = (name, value) => {
    asked[name] = value;
    ask();
  };
  const typed = (name) => want(name, parts.querySelector(`input[name="${name}"]`).value);
  parts.addEventListener("click", (event) => {
    const { ask: name, value, submit } = event.target.closest("button")?.dataset ?? {};
    if (name) want(name, value);
    if (submit) typed(submit);
  });
  parts.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name) typed(event.target.name);
  });
  builder.setAttribute("role", "tabpanel");
  builder.setAttribute("aria-labelledby", `${desk.token}-${BUILDER}`);
  go(BUILDER);
  return { list, host, ask, shown };
}
