// One popover at a time: menus, values to choose, text to copy. Escape gives the focus back to the one who opened it.

import { h } from "./dom.js";

export function popovers(root) {
  let open;
  const outside = (event) => {
    if (open && !open.box.contains(event.target) && !open.owner().contains(event.target)) close();
  };

  function close({ refocus = false } = {}) {
    if (!open) return;
    const { box, owner, whenClosed } = open;
    open = undefined;
    box.remove();
    owner().setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) owner().focus();
    whenClosed?.();
  }

  /** `owner()` finds the button that opened it, also after a repaint. */
  function show(owner, label, content, { kind = "", whenClosed } = {}) {
    close();
    const keys = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close({ refocus: true });
    };
    const box = h("div", { class: `pop ${kind}`, role: "dialog", "aria-label": label, tabindex: -1, onkeydown: keys }, content);
    root.append(box);
    open = { box, owner, whenClosed };
    owner().setAttribute("aria-expanded", "true");
    place(box, owner(), root);
    document.addEventListener("pointerdown", outside, true);
    (box.querySelector("input,button,textarea,select") ?? box).focus({ preventScroll: true });
    return box;
  }

  return { show, close, get isOpen() { return open !== undefined; }, owner: () => open?.owner() };
}

function place(box, owner, root) {
  const anchor = owner.getBoundingClientRect();
  const frame = root.getBoundingClientRect();
  const left = Math.min(anchor.left - frame.left, frame.width - box.offsetWidth - 12);
  box.style.setProperty("left", `${Math.max(8, left)}px`);
  box.style.setProperty("top", `${anchor.bottom - frame.top + 6}px`);
}

/** A list to search and choose from; groups: [[title, [[value, label, hint]]]]. */
export function menu(groups, pick, { search, icons } = {}) {
  const list = h("div", { class: "menu", role: "listbox", "aria-label": search ?? "Choose" });
  const fill = (text) => {
    const wanted = text.trim().toLowerCase();
    const fits = (item) => `${item.label} ${item.hint ?? ""} ${item.value}`.toLowerCase().includes(wanted);
    const rank = ({ label }) => (label.toLowerCase() === wanted ? 0 : label.toLowerCase().startsWith(wanted) ? 1
      : label.toLowerCase().includes(wanted) ? 2 : 3);
    const found = groups.flatMap(([, items]) => items.filter(fits)).sort((a, b) => rank(a) - rank(b));
    const kept = wanted ? (found.length ? [["", found]] : []) : groups;
    list.replaceChildren(
      ...kept.flatMap(([title, items]) => [
        title && h("div", { class: "menu-title", role: "presentation" }, title),
        ...items.map((item) =>
          h(
            "button",
            { type: "button", role: "option", "aria-selected": "false", class: "item", title: item.hint,
              onclick: () => pick(item.value), onkeydown: arrows },
            icons?.(item), h("span", {}, item.label), item.note && h("small", {}, item.note),
          ),
        ),
      ]).filter(Boolean),
    );
    if (!kept.length) list.append(h("p", { class: "nothing" }, "Nothing has that name."));
  };
  fill("");
  if (!search) return list;
  const into = (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      const first = list.querySelector("button");
      if (event.key === "Enter") first?.click();
      else first?.focus();
    }
  };
  const box = h("input", { class: "search", placeholder: `${search}…`, "aria-label": search, onkeydown: into,
    oninput: () => fill(box.value) });
  return [box, list];
}

export function arrows(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const all = [...event.currentTarget.closest(".menu").querySelectorAll("button,input")];
  const next = all[all.indexOf(event.currentTarget) + by];
  if (next) next.focus();
  else if (by < 0) event.currentTarget.closest(".pop").querySelector(".search")?.focus();
}
