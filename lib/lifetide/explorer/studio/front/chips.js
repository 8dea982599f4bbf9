// Controls for words: chips with counts where they are few, tokens and a list to search where they are many.

import { h, icon, setText } from "./dom.js";
import { count, short } from "./format.js";
import { arrows } from "./popover.js";

const FEW = 7;

export function wordsControl(rule, field, desk) {
  const words = desk.wordsOf(field);
  if (!words) return h("span", { class: "quiet" }, "Reading values…");
  const chosen = Array.isArray(rule.value) ? rule.value : rule.value == null || rule.value === "" ? [] : [rule.value];
  const isOne = !["in", "notIn"].includes(rule.operator);
  const set = (value) => desk.edit(rule.id, (one) => ({ ...one, value: isOne ? value[0] ?? null : value }));
  const toggle = (word) => {
    if (isOne) return set([word]);
    return set(chosen.includes(word) ? chosen.filter((one) => one !== word) : [...chosen, word]);
  };
  const isFew = !field.empty && words.length <= FEW && words.reduce((sum, word) => sum + word.label.length, 0) <= 64;
  return isFew ? chips(rule, field, words, chosen, toggle, desk) : tokens(rule, field, words, chosen, toggle, desk);
}

function chips(rule, field, words, chosen, toggle, desk) {
  const counts = words.map(() => h("small"));
  const buttons = words.map((word, place) =>
    h(
      "button",
      {
        type: "button", class: "chip", "aria-pressed": String(chosen.includes(word.value)),
        "data-key": `${rule.id}:w:${word.value}`, onclick: () => toggle(word.value),
      },
      word.tone && h("i", { class: `dot ${word.tone}` }), word.label, counts[place],
    ),
  );
  const missing = missingToken(chosen, words, toggle);
  desk.paints(rule.id, (facet) => {
    if (!facet) return;
    words.forEach((word, place) => {
      setText(counts[place], short(facet[word.place]));
      buttons[place].classList.toggle("none", facet[word.place] === 0);
      buttons[place].title = `${count(facet[word.place])} customers who meet the other rules`;
    });
  });
  return h("div", { class: "tokens" }, buttons, missing);
}

/** Chosen words that nobody here has: they stay visible and can be taken out. */
function missingToken(chosen, words, toggle) {
  const known = new Set(words.map((word) => word.value));
  return chosen.filter((value) => !known.has(value)).map((value) => token(String(value), () => toggle(value), true));
}

function token(label, remove, isUnknown = false) {
  return h(
    "span", { class: `token${isUnknown ? " unknown" : ""}`, title: isUnknown ? "Nobody here has this value" : null },
    h("span", {}, label),
    h("button", { type: "button", "aria-label": `Remove ${label}`, onclick: remove }, icon("x", 11)),
  );
}

const SHOWN = 60;

function tokens(rule, field, words, chosen, toggle, desk) {
  const labels = new Map(words.map((word) => [word.value, word.label]));
  const key = `${rule.id}:add`;
  const opener = h(
    "button",
    {
      type: "button", class: "add-value", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": key,
      "aria-label": `Choose ${field.label.toLowerCase()}`,
      onclick: () => desk.popover(key, `Values of ${field.label}`, list(rule, field, words, desk), { kind: "wide" }),
    },
    chosen.length ? icon("plus", 13) : field.empty ?? "Choose…",
  );
  const many = chosen.length > 12;
  return h(
    "div", { class: "tokens" },
    (many ? chosen.slice(0, 10) : chosen).map((value) =>
      token(labels.get(value) ?? String(value), () => toggle(value), !labels.has(value))),
    many && h("span", { class: "quiet" }, `and ${chosen.length - 10} more`),
    opener,
  );
}

function list(rule, field, words, desk) {
  const body = h("div", { class: "menu checks" });
  const draw = (text) => {
    const facet = desk.facetOf(rule.id) ?? desk.baseOf(field)?.all ?? [];
    const most = Math.max(...facet, 1);
    const wanted = text.trim().toLowerCase();
    const fit = words.filter((word) => word.label.toLowerCase().includes(wanted));
    const ordered = field.isOrdered ? fit : [...fit].sort((a, b) => (facet[b.place] ?? 0) - (facet[a.place] ?? 0));
    body.replaceChildren(...ordered.slice(0, SHOWN).map((word) => row(word, facet[word.place] ?? 0, most)));
    if (fit.length > SHOWN) {
      body.append(h("p", { class: "nothing" }, `${count(fit.length - SHOWN)} more: type to narrow them.`));
    }
    if (!fit.length) body.append(h("p", { class: "nothing" }, "No value contains that."));
  };
  const row = (word, number, most) => {
    const now = desk.ruleOf(rule.id)?.value ?? [];
    const box = h("input", {
      type: "checkbox", checked: [].concat(now).includes(word.value), onkeydown: arrows,
      onchange: () => desk.edit(rule.id, (one) => {
        if (!["in", "notIn"].includes(one.operator)) return { ...one, value: word.value };
        const value = one.value.includes(word.value)
          ? one.value.filter((other) => other !== word.value) : [...one.value, word.value];
        return { ...one, value };
      }, { keepOpen: true }),
    });
    return h(
      "label", { class: "check" }, box, h("span", { title: word.label }, word.label),
      h("i", { class: "track" }, h("u", { style: { width: percentWidth(number, most) } })),
      h("b", {}, short(number)),
    );
  };
  const search = h("input", {
    class: "search", placeholder: `Search ${field.label.toLowerCase()}…`, "aria-label": `Search ${field.label}`,
    oninput: () => draw(search.value),
    onkeydown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      body.querySelector("input")?.focus();
    },
  });
  draw("");
  return [search, body];
}

export function percentWidth(value, most) {
  return `${most > 0 ? Math.max(value > 0 ? 0.6 : 0, (value / most) * 100) : 0}%`;
}

