// The rules on the page: groups in groups, a row for each rule.

import { controls, isEditable } from "./controls.js";
import { choice, h, icon, iconButton, setText } from "./dom.js";
import { change, count, percent } from "./format.js";
import { menu } from "./popover.js";
import {
  added, cloned, emptyGroup, freshRule, isGroup, isUnfinished, matching, matchOf, moved, muted, removed,
} from "./tree.js";

const GROUP_ICONS = { Behaviour: "bag", Rhythm: "clock", Classes: "pulse", Value: "coin", Consent: "mail",
  Profile: "person", Audiences: "people", Fields: "pulse" };
const MATCHES = [["all", "all"], ["any", "any"], ["none", "none"]];

export function group(node, desk, parent) {
  const match = matchOf(node);
  const options = match === "notAll" ? [...MATCHES, ["notAll", "not all"]] : MATCHES;
  const word = match === "all" || match === "notAll" ? "and" : "or";
  const body = h("div", { class: "rules" });
  node.rules.forEach((one, place) => {
    if (place) body.append(h("div", { class: "joint" }, h("span", {}, word)));
    body.append(isGroup(one) ? group(one, desk, node) : row(one, desk, node));
  });
  if (!node.rules.length) body.append(parent ? h("p", { class: "invite" }, "An empty group changes nothing.") : start(desk));
  const pick = (next) => desk.edit(node.id, (one) => matching(one, next));
  return h(
    "div", { class: `group${parent ? " inner" : ""}${node.muted ? " muted" : ""}`, role: "group",
      "aria-label": parent ? "Group of rules" : "Rules of the audience" },
    h("div", { class: "group-head" },
      h("span", {}, parent ? "Match" : "Customers who match"),
      choice("How rules combine", options, match, pick, `${node.id}:match`), h("span", {}, "of these"),
      parent && h("div", { class: "tools" }, share(node, desk), ...tools(node, desk, parent))),
    body, foot(node, desk),
  );
}

/** Nothing is asked yet: a few good first questions at one click. */
function start(desk) {
  return h(
    "div", { class: "start" },
    h("p", {}, "Everyone is in. Add a rule and see at once who stays, or begin with one of these:"),
    h("div", { class: "tokens" }, desk.starters.map(({ label, rule }) =>
      h("button", { type: "button", class: "chip trait", "data-key": `start:${label}`, onclick: () => desk.addRule(rule) },
        icon("plus", 11), label))),
  );
}

function foot(node, desk) {
  const key = `${node.id}:add`;
  const pick = (name) => {
    desk.close();
    const rule = freshRule(desk.field(name));
    desk.change((tree) => added(tree, node.id, rule), { focus: `${rule.id}:field` });
  };
  const addGroup = () => {
    const inner = emptyGroup(node.combinator === "and" ? "or" : "and");
    desk.change((tree) => added(tree, node.id, inner), { focus: `${inner.id}:add` });
  };
  return h(
    "div", { class: "group-foot" },
    h("button", { type: "button", class: "add", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": key,
      onclick: () => desk.popover(key, "Fields", fieldMenu(desk, pick)) }, icon("plus", 14), "Add rule"),
    h("button", { type: "button", class: "add", "data-key": `${node.id}:group`, onclick: addGroup }, icon("plus", 14),
      "Add group"),
  );
}

export function fieldMenu(desk, pick) {
  const titles = [...new Set(desk.fields.map((field) => field.group))];
  const groups = titles.map((title) => [title, desk.fields.filter((field) => field.group === title)
    .map((field) => ({ value: field.name, label: field.label, hint: field.meaning, group: title }))]);
  return menu(groups, pick, { search: "Search fields", icons: (item) => icon(GROUP_ICONS[item.group] ?? "pulse", 15) });
}

export function row(rule, desk, parent) {
  const field = desk.field(rule.field);
  const isOpen = isEditable(rule, field, desk.field);
  const key = `${rule.id}:field`;
  const label = field?.label ?? rule.field;
  const change_ = (name) => {
    desk.close();
    desk.edit(rule.id, (one) => ({ ...freshRule(desk.field(name)), id: one.id }), { focus: key });
  };
  const name = h(
    "button",
    { type: "button", class: "field", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": key,
      "aria-label": `Field: ${label}`, title: field?.meaning,
      onclick: () => desk.popover(key, "Fields", fieldMenu(desk, change_)) },
    icon(GROUP_ICONS[field?.group] ?? "pulse", 15), h("span", {}, label), icon("down", 12),
  );
  const [operator, value] = isOpen ? controls(rule, field, desk) : [null, sentence(rule, desk)];
  const isWide = field && ["number", "money", "share", "date"].includes(field.kind);
  return h(
    "div",
    { class: `rule${rule.muted ? " muted" : ""}${isUnfinished(rule) ? " open" : ""}${isWide ? " ranged" : ""}`,
      role: "group", "aria-label": label, "data-rule": rule.id },
    name, operator, h("div", { class: "value" }, value), share(rule, desk),
    h("div", { class: "tools" }, ...tools(rule, desk, parent)),
  );
}

/** A rule that has no controls: its words stand instead, and it is kept and counted as it is. */
function sentence(rule, desk) {
  const text = h("span", { class: "sentence" }, "…");
  desk.paintsText(rule.id, (said) => { text.textContent = said ?? "as written in the file"; });
  return text;
}

function share(node, desk) {
  const own = h("b");
  const cut = h("small");
  const box = h("div", { class: "share" }, own, cut);
  desk.paintsShare(node.id, (told, total, members) => {
    box.classList.toggle("waiting", !told);
    if (!told) return;
    setText(own, percent(total ? told.own / total : 0));
    own.title = `${count(told.own)} customers meet this alone`;
    setText(cut, node.muted ? "off" : change(members, told.rest));
    cut.title = `Without it: ${count(told.rest)} customers`;
  });
  return box;
}

function tools(node, desk, parent) {
  const what = isGroup(node) ? "group" : "rule";
  const at = parent.rules.indexOf(node);
  const neighbour = parent.rules[at + 1] ?? parent.rules[at - 1];
  const next = neighbour ? `${neighbour.id}:${isGroup(neighbour) ? "match" : "field"}` : `${parent.id}:add`;
  const shift = (event) => {
    const by = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    desk.change((tree) => moved(tree, node.id, by), { focus: event.currentTarget.dataset.key });
  };
  const button = (name, label, act, part, more) => iconButton(name, label, act,
    { "data-key": `${node.id}:${part}`, onkeydown: shift, ...more });
  return [
    button("copy", `Duplicate ${what}`, () => desk.change((tree) => cloned(tree, node.id)), "clone", { class: "calm" }),
    button(node.muted ? "closed" : "eye", node.muted ? `Switch ${what} on` : `Switch ${what} off`,
      () => desk.change((tree) => muted(tree, node.id)), "mute", { "aria-pressed": String(!node.muted) }),
    button("x", `Remove ${what}`, () => desk.change((tree) => removed(tree, node.id), { focus: next }), "remove",
      { class: "remove" }),
  ];
}
