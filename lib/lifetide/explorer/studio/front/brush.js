// The control for numbers and dates: a histogram with two handles, and the exact numbers behind a button.

import { h, icon } from "./dom.js";
import { daysOf, isoDay, range, shown } from "./format.js";
import { dragged, heights, nudged, placesOf, rangeAt } from "./scale.js";
import { daysRangeOf, ranged, rangedDays, rangeOf } from "./tree.js";

const WIDTH = 300;
const HEIGHT = 38;

export function rangeControl(rule, field, desk) {
  const bins = desk.baseOf(field);
  if (!bins) return h("span", { class: "quiet" }, "Reading values…");
  const isDate = field.kind === "date";
  const read = () => (isDate ? daysRangeOf(rule).map((one) => (one == null ? null : daysOf(one))) : rangeOf(rule));
  const write = (one, range_) => (isDate
    ? rangedDays(one, ...range_.map((end) => (end == null ? null : isoDay(end)))) : ranged(one, ...range_));
  let values = read();
  let places = placesOf(bins, values);

  const bars = histogram(bins);
  const [low, high] = ["low", "high"].map((which) => handle(which, field, rule.id));
  const label = h("span");
  const said = h(
    "button",
    { type: "button", class: "said", "data-key": `${rule.id}:said`, "aria-haspopup": "dialog",
      title: "Type exact values", "aria-expanded": "false",
      onclick: () => desk.popover(`${rule.id}:said`, `Range of ${field.label}`, exact()) },
    label, icon("pen", 11),
  );
  const frame = h("div", { class: "brush" }, bars.svg, low, high);

  const paint = () => {
    const [a, b] = places;
    bars.select(a, b);
    [[low, a, 0], [high, b, 1]].forEach(([one, place, side]) => {
      one.style.setProperty("left", `${(place / bins.count) * 100}%`);
      one.setAttribute("aria-valuenow", String(Math.round(place * 100) / 100));
      const open = side ? "no upper limit" : "no lower limit";
      one.setAttribute("aria-valuetext", values[side] == null ? open : shown(values[side], field));
    });
    label.textContent = range(...values, field);
  };
  const take = (found, joins) => {
    places = found;
    const next = rangeAt(bins, ...places);
    if (joins && next[0] === values[0] && next[1] === values[1]) return paint();
    values = next;
    paint();
    return desk.edit(rule.id, (one) => write(one, values), { joins, isLive: true });
  };
  drag(frame, bars.svg, bins, () => places, take, desk);
  for (const [one, which] of [[low, "low"], [high, "high"]]) {
    one.addEventListener("keydown", (event) => {
      const next = nudged(bins, which, places, event.key);
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      take(next, false);
    });
  }
  const exact = () => exactRange(values, field, (next) => {
    desk.edit(rule.id, (one) => write(one, next));
  });
  desk.paints(rule.id, (counts) => counts && bars.fill(counts));
  bars.fill(bins.all);
  paint();
  return h("div", { class: "range" }, frame, said);
}

function handle(which, field, id) {
  return h("div", {
    class: "handle", role: "slider", tabindex: 0, "data-key": `${id}:${which}`, "aria-valuemin": 0,
    "aria-valuemax": 100, "aria-label": `${field.label}, ${which === "low" ? "lowest" : "highest"}`,
  });
}

/** Grey bars are everyone, coloured ones those who meet the other rules; the window is what is chosen. */
function histogram(bins) {
  const wide = WIDTH / bins.count;
  const most = Math.max(...bins.all, 1);
  const svg = h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "hist",
    "aria-hidden": "true" });
  const bar = (kind) => (_, place) => h("rect", { x: place * wide + 0.4, width: Math.max(0.5, wide - 0.8), y: HEIGHT,
    height: 0, rx: 1.2, class: kind });
  const grey = bins.all.map(bar("all"));
  const coloured = bins.all.map(bar("these"));
  const pane = h("rect", { class: "pane", y: 0, height: HEIGHT });
  const raise = (bars, counts) => heights(counts, most).forEach((height, place) => {
    bars[place].setAttribute("y", HEIGHT * (1 - height));
    bars[place].setAttribute("height", HEIGHT * height);
  });
  svg.append(...grey, ...coloured, pane);
  raise(grey, bins.all);
  return {
    svg,
    fill: (counts) => raise(coloured, counts),
    select(a, b) {
      [...grey, ...coloured].forEach((one, at) => {
        const place = at % bins.count;
        one.classList.toggle("on", place + 0.5 > a && place + 0.5 < b);
      });
      pane.setAttribute("x", a * wide);
      pane.setAttribute("width", Math.max(0, (b - a) * wide));
    },
  };
}

function drag(frame, svg, bins, placesNow, take, desk) {
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    desk.dragging(true);
    const at = ({ clientX }) => {
      const box = svg.getBoundingClientRect();
      return Math.max(0, Math.min(bins.count, ((clientX - box.left) / box.width) * bins.count));
    };
    const from = at(event);
    const start = placesNow();
    const which = event.target.dataset?.key?.split(":").at(-1);
    const isWhole = start[0] <= 0 && start[1] >= bins.count;
    const inside = from > start[0] && from < start[1] && !isWhole;
    const mode = which === "low" || which === "high" ? which : inside ? "both" : "new";
    if (mode === which) event.target.focus();
    let joins = false;
    const move = (moved) => {
      take(dragged(bins, mode, start, from, at(moved)), joins);
      joins = true;
    };
    const end = (ended) => {
      frame.removeEventListener("pointermove", move);
      desk.dragging(false);
      if (mode === "new" && Math.abs(at(ended) - from) < 0.3) take([0, bins.count], joins);
    };
    frame.addEventListener("pointermove", move);
    frame.addEventListener("pointerup", end, { once: true });
    frame.addEventListener("pointercancel", end, { once: true });
  });
}

/** Two boxes for exact values; empty = open. */
export function exactRange(values, field, set) {
  const isDate = field.kind === "date";
  const factor = field.kind === "share" ? 100 : 1;
  const box = (place, label) => {
    const now = values[place];
    const text = now == null ? "" : isDate ? isoDay(now) : String(Number((now * factor).toPrecision(12)));
    return h("label", { class: "exact" }, h("span", {}, label),
      h("input", { type: isDate ? "date" : "number", step: "any", value: text, class: "box", onchange: keep,
        onkeydown: (event) => event.key === "Enter" && keep() }));
  };
  const keep = () => {
    const [low, high] = boxes.map((one) => one.querySelector("input").value)
      .map((text) => (text === "" ? null : isDate ? daysOf(text) : Number(text) / factor));
    set(low != null && high != null && low > high ? [high, low] : [low, high]);
  };
  const unit = field.kind === "share" ? " (%)" : field.unit ? ` (${field.unit})` : "";
  const boxes = [box(0, `At least${unit}`), box(1, `At most${unit}`)];
  if (isDate) boxes.forEach((one, place) => { one.firstChild.textContent = place ? "Until" : "From"; });
  return h("div", { class: "exacts" }, boxes, h("p", { class: "quiet" }, "Both ends count. Empty means no limit."));
}

