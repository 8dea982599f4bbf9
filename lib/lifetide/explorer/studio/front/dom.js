// Elements, icons. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "rect", "line", "circle", "g"]);

/** An element with attributes, listeners (onclick: …) and children; null and false are left out. */
export function h(tag, props, ...children) {
  const made = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else if (name === "value" || name === "checked" || name === "disabled") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  // On the focusable element itself, else JupyterLab's command mode acts on Space, d d, x …
  if (/^(button|input|select|textarea)$/.test(tag) || props?.tabindex != null) {
    made.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  made.append(...children.flat(3).filter((child) => child != null && child !== false));
  return made;
}

/** The text of an element; where it stands already nothing is touched, so nothing is laid out anew. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const PATHS = {
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 8c0-4 4-6 8-6s8 2 8 6",
  bag: "M5 8h14l1 12H4zM9 8V6a3 3 0 0 1 6 0v2",
  coin:
    "M12 3v18M16.5 7.5C16 6 14.2 5.2 12 5.2" +
    "c-2.5 0-4.5 1.2-4.5 3.300 0 4.7 9.5 2.300 9.5 7 0 2.2-2.2 3.300-5 3.300-2.600 0-4.600-1-5-2.8",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  mail: "M3 6h18v12H3zM3 7l9 6 9-6",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5" +
    "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.8c2 .7 3.5 2.4 3.5 5.2",
  x: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  closed: "M3 3l18 18M10 6c7-1.5 12 6 12 6a20 20 0 0 1-3 3.5M6 7.5C3.5 9.5 2 12 2 12s4 7 10 7c1.5 0 3-.4 4.2-1",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  down: "M6 9l6 6 6-6",
  undo: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
  check: "M5 12l5 5L20 7",
  code: "M8 6l-6 6 6 6M16 6l6 6-6 6",
  open: "M3 7V5h6l2 2h10v12H3zM3 10h18",
  pen: "M4 20h4L19 9l-4-4L4 16z",
  warn: "M12 4l9 16H3zM12 10v4M12 17v.5",
};

export function icon(name, size = 16) {
  const path = h("path", { d: PATHS[name] });
  return h("svg", { viewBox: "0 0 24 24", width: size, height: size, class: "ic", "aria-hidden": "true" }, path);
}

export function logo(size = 28) {
  return h(
    "svg",
    { viewBox: "0 0 26 26", width: size, height: size, "aria-hidden": "true", class: "logo" },
    h("rect", { width: 26, height: 26, rx: 7, class: "logo-ground" }),
    h("path", { d: "M3 13c3-5 6-5 10 0s7 5 10 0", class: "logo-wave" }),
    h("path", { d: "M3 18.5c3-3.5 6-3.5 10 0s7 3.5 10 0", class: "logo-wave low" }),
  );
}

/** One of several, as buttons side by side; arrow keys choose. */
export function choice(label, options, current, pick, key) {
  const arrows = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = options.findIndex(([value]) => value === current);
    pick(options[(at + by + options.length) % options.length][0]);
  };
  const isAny = options.some(([value]) => value === current);
  return h(
    "div",
    { class: "seg", role: "radiogroup", "aria-label": label, onkeydown: arrows },
    options.map(([value, text], at) =>
      h(
        "button",
        {
          role: "radio",
          type: "button",
          "aria-checked": String(value === current),
          tabindex: value === current || (!isAny && at === 0) ? 0 : -1,
          "data-key": value === current ? key : `${key}:${value}`,
          onclick: () => pick(value),
        },
        text,
      ),
    ),
  );
}

/** A select with little about it. */
export function dropdown(label, options, current, pick, key) {
  const made = h(
    "select",
    { class: "op", "aria-label": label, "data-key": key, onchange: () => pick(made.value) },
    options.map(([value, text]) => h("option", { value, selected: value === current }, text)),
  );
  return made;
}

export function iconButton(name, label, act, { class: more = "", ...props } = {}) {
  const basics = { type: "button", class: `icb ${more}`, "aria-label": label, title: label, onclick: act };
  return h("button", { ...basics, ...props }, icon(name, 15));
}
