// What a chart's marks say: under the pointer, and with the arrow keys on a chart that has the focus.

import { h } from "./dom.js";

/** The place of the next mark; −1 = none yet. Arrows walk, Home and End jump. */
export function nextMark(at, count, key) {
  if (!count) return -1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (!by) return at;
  if (at < 0) return by > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + by));
}

const MARKS = "[data-tip], .hit";

/** Makes the charts of a part tell what they hold: titles become tips, charts take the focus. */
export function readied(part) {
  for (const title of part.querySelectorAll("svg :not(svg) > title")) {
    const mark = title.parentElement;
    if (title.textContent) mark.setAttribute("data-tip", title.textContent);
    title.remove();
  }
  for (const chart of part.querySelectorAll("svg[role=img]")) {
    if (chart.querySelector(MARKS)) chart.setAttribute("tabindex", "0");
  }
  return part;
}

const textOf = (mark) => mark.getAttribute("data-tip")
  ?? [...mark.querySelectorAll("text")].map((one) => one.textContent).join(" ");

export function tips(frame, announce) {
  const tip = h("div", { class: "tip", hidden: true });
  let held;
  const show = (mark) => {
    if (mark === held) return;
    held?.classList.remove("on");
    held = mark;
    const text = mark?.getAttribute("data-tip");
    tip.hidden = !text;
    if (!mark) return;
    mark.classList.add("on");
    if (!text) return;
    tip.textContent = text;
    const at = mark.getBoundingClientRect();
    const all = frame.getBoundingClientRect();
    const middle = at.left + at.width / 2 - all.left - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(4, Math.min(all.width - tip.offsetWidth - 4, middle))}px`;
    tip.style.top = `${Math.max(0, at.top - all.top - tip.offsetHeight - 6)}px`;
  };
  frame.addEventListener("pointermove", (event) => show(event.target.closest?.(MARKS)));
  frame.addEventListener("pointerleave", () => show());
  frame.addEventListener("focusout", () => show());
  frame.addEventListener("keydown", (event) => {
    const chart = event.target.closest?.("svg[role=img]");
    if (!chart) return;
    if (event.key === "Escape") return show();
    const marks = [...chart.querySelectorAll(MARKS)];
    const next = nextMark(marks.indexOf(held), marks.length, event.key);
    if (next < 0 || marks[next] === held) return;
    event.preventDefault();
    show(marks[next]);
    announce(textOf(marks[next]));
  });
  return tip;
}
