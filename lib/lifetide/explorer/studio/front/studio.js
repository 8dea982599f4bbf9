// The studio: lays out the page, paints it, and hands the keys to the desk.

import { answer } from "./answer.js";
import { audiences, cards, panels, traits } from "./below.js";
import { group, row } from "./builder.js";
import { makeDesk } from "./desk.js";
import { h } from "./dom.js";
import { header, takenText } from "./header.js";
import { pages } from "./pages.js";
import { popovers } from "./popover.js";
import { changedRules, parentOf } from "./tree.js";

function render({ model, el }) {
  const root = h("div", { class: "lifetide", role: "region", "aria-label": "Audience studio" });
  const pops = popovers(root);
  const left = h("div", { class: "builder" });
  const hints = h("div", { class: "traits" });
  const figures = h("div", { class: "cards" });
  const low = h("div", { class: "panels" });
  const table = h("section", { class: "panel audiences" });
  const live = h("div", { class: "unseen", "aria-live": "polite" });
  const build = h("div", { class: "build" });
  let painted;
  const byKey = (key) => [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key) ?? root;

  const paint = {
    byKey,
    rules({ keepOpen = false, isAnew = false, focus } = {}) {
      const held = focus ?? (left.contains(document.activeElement) ? document.activeElement.dataset.key : undefined);
      if (!keepOpen) pops.close();
      const changed = isAnew ? undefined : changedRules(painted, desk.tree);
      painted = desk.tree;
      if (changed) changed.forEach((rule) => rowAnew(left, rule, desk));
      else allAnew(left, desk);
      if (held && !pops.isOpen) byKey(held).focus?.({ preventScroll: true });
    },
    head: () => head.paint(desk.state()),
    count: () => reply.paintCount(desk.told),
    detail() {
      const told = desk.told;
      reply.paintDetail(told, desk.tree);
      desk.paintDetails();
      keepingFocus(root, () => {
        hints.replaceChildren(...traits(told, desk));
        figures.classList.toggle("waiting", !told.stats);
        if (!told.stats) return;
        figures.replaceChildren(...cards(told.stats, desk));
        low.replaceChildren(...panels(told.stats, desk));
      });
    },
    below() {
      keepingFocus(root, () => table.replaceChildren(...audiences(desk.saved, desk).filter(Boolean)));
      table.hidden = !desk.everyone;
    },
    all() {
      paint.rules({ isAnew: true });
      paint.head();
      paint.count();
      paint.detail();
      paint.below();
    },
    page: (message) => book.shown(message),
    anew: () => book.ask(),
    dragging: (now) => root.classList.toggle("dragging", now),
    taken: (told) => pops.show(() => byKey("take"), "Copy the audience", takenText(told), { kind: "wide" }),
    announce(text) {
      live.textContent = text;
    },
  };
  const desk = makeDesk(model, pops, paint);
  const head = header(desk);
  const reply = answer(desk);
  const book = pages(desk, build, paint.announce);
  const token = desk.token;
  root.append(
    h("style", {}, `.${token}, .jp-OutputArea-child:has(.${token}) { display: none !important; }`),
    head.box, book.list, build, book.host, live,
  );
  build.append(h("div", { class: "work" }, h("div", { class: "left" }, left, hints), reply.box), figures, low, table);
  root.addEventListener("keydown", (event) => keys(event, desk));
  el.append(root);
  paint.all();
  desk.catchUp();
  return desk.stop;
}

function allAnew(left, desk) {
  desk.repainted();
  left.replaceChildren(group(desk.tree, desk));
  desk.paintDetails();
}

/** One rule changed and no other: the rest of the page stays, so the browser lays out and paints a row. */
function rowAnew(left, rule, desk) {
  desk.repainted(rule.id);
  const was = left.querySelector(`[data-rule="${CSS.escape(rule.id)}"]`);
  was.replaceWith(row(rule, desk, parentOf(desk.tree, rule.id)));
  desk.paintDetails(rule.id);
}

/** Undo and redo everywhere but in boxes that undo by themselves. */
function keys(event, desk) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const isTyping = event.target.matches?.("input:not([type=checkbox]),textarea");
  const key = event.key.toLowerCase();
  const act = key === "z" ? (event.shiftKey ? desk.redo : desk.undo) : key === "y" ? desk.redo : undefined;
  if (!act || isTyping) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function keepingFocus(root, repaint) {
  const active = document.activeElement;
  const key = root.contains(active) ? active.dataset.key : undefined;
  repaint();
  if (key && !root.contains(document.activeElement)) {
    [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus({ preventScroll: true });
  }
}

export default { render };
