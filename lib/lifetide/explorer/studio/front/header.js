// The head of the studio: name, state, undo and redo, what to take away, save.

import { h, icon, iconButton, logo, setText } from "./dom.js";
import { menu } from "./popover.js";

export function header(desk) {
  const name = h("input", {
    class: "name", value: desk.name, "aria-label": "Name of the audience", placeholder: "Name this audience",
    maxlength: 200, spellcheck: "false", oninput: () => desk.rename(name.value),
    onkeydown: (event) => event.key === "Enter" && name.blur(),
  });
  const state = h("span", { class: "state", role: "status" });
  const undo = iconButton("undo", "Undo", () => desk.undo(), { "data-key": "undo" });
  const redo = iconButton("redo", "Redo", () => desk.redo(), { "data-key": "redo" });
  const opener = (key, label, glyph, show) => h(
    "button", { type: "button", class: "btn", "data-key": key, "aria-haspopup": "dialog", "aria-expanded": "false",
      "aria-label": label, title: label, onclick: show }, icon(glyph, 15), h("span", {}, label));
  const openOne = opener("open", "Open", "open", () => desk.popover("open", "Open an audience", openList(desk)));
  const take = opener("take", "Copy as", "code", () => desk.popover("take", "Copy the audience", takeList(desk)));
  const save = h("button", { type: "button", class: "btn main", "data-key": "save", onclick: () => desk.save() },
    icon("check", 15), "Save audience");
  const box = h(
    "div", { class: "head" }, logo(),
    h("div", { class: "title" }, name, h("p", { class: "source" }, desk.source)),
    state, h("span", { class: "pair" }, undo, redo), openOne, take, save,
  );
  return {
    box,
    paint({ isSaved, isNew, canUndo, canRedo, trouble }) {
      undo.disabled = !canUndo;
      redo.disabled = !canRedo;
      setText(state, trouble || (isNew ? "New" : isSaved ? "Saved" : "Not saved"));
      state.className = `state ${trouble ? "bad" : isSaved && !isNew ? "ok" : ""}`;
      if (document.activeElement !== name && name.value !== desk.name) name.value = desk.name;
    },
  };
}

function openList(desk) {
  const items = desk.saved.map((one) => ({ value: one.key, label: one.name, note: one.key, hint: one.said }));
  const pick = (key) => {
    desk.close();
    desk.open(key);
  };
  const fresh = h("button", { type: "button", class: "item", onclick: () => pick("") }, icon("plus", 14), "A new audience");
  if (!items.length) return [fresh, h("p", { class: "nothing" }, "No audience is saved yet.")];
  return [menu([["Saved audiences", items]], pick, { search: "Search audiences" }), h("hr"), fresh];
}

const FORMS = [["yaml", "YAML definition"], ["pyspark", "PySpark filter"], ["sql", "SQL condition"]];

function takeList(desk) {
  return h("div", { class: "menu" }, FORMS.map(([form, label]) =>
    h("button", { type: "button", class: "item", "data-key": `form:${form}`, onclick: () => desk.copyAs(form) },
      icon("code", 14), label)));
}

/** The text to take away, already on the clipboard where the browser allows it; or why there is none. */
export function takenText({ text, problem }) {
  if (problem) return [h("p", { class: "nothing", role: "alert" }, problem)];
  const box = h("textarea", { class: "taken", readonly: true, rows: 14, "aria-label": "Text to copy", spellcheck: "false" });
  box.value = text;
  const said = h("p", { class: "quiet", role: "status" }, "Select and copy it.");
  const done = () => { said.textContent = "Copied. Paste it in a cell or a file."; };
  navigator.clipboard?.writeText(text).then(done, () => box.select());
  return [box, said];
}
