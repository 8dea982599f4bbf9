// Below the rules: what is commoner here than elsewhere, the cards, the classes, and the table of audiences.

import { h, icon } from "./dom.js";
import { against, count, money, percent, short, times } from "./format.js";
import { percentWidth } from "./chips.js";

/** A figure in its kind. */
export function figure(value, kind, symbol) {
  if (value == null) return "–";
  if (kind === "money") return money(value, symbol);
  if (kind === "share") return percent(value);
  return value < 100 ? value.toFixed(1) : short(value);
}

export function traits(told, desk) {
  if (!told.traits?.length) return [];
  return [
    h("span", { class: "quiet" }, "More common here than elsewhere"),
    ...told.traits.map(([name, word, share, lift, label]) => {
      const field = desk.field(name);
      const hint = `${percent(share)} of this audience, ${times(lift)} everyone's share. Adds it as a rule.`;
      return h(
        "button", { type: "button", class: "chip trait", title: hint, "data-key": `trait:${name}`,
          onclick: () => desk.addRule({ field: name, operator: "in", value: [word] }) },
        icon("plus", 11), `${field.label}: ${label}`, h("b", {}, times(lift)),
      );
    }),
  ];
}

export function cards(stats, desk) {
  const rows = desk.measures.map((one) => [one.label, stats[one.name], desk.everyone[one.name], one.kind, false]);
  if (desk.everyone.lost != null) rows.push(["Lost", stats.lost, desk.everyone.lost, "share", true]);
  return rows.map(([label, value, base, kind, isInverted]) => {
    const { text, tone } = against(value, base, isInverted);
    return h(
      "div", { class: "card" }, h("h3", {}, label), h("b", { class: "figure" }, figure(value, kind, desk.symbol)),
      h("span", { class: `delta ${tone}` }, text === "= everyone" ? "" : text),
      h("small", {}, `everyone ${figure(base, kind, desk.symbol)}`),
    );
  });
}

const LIFE = "lifecycle_group";
const SEGMENT = "rfm_segment";

export function panels(stats, desk) {
  const made = [];
  if (stats[LIFE]) made.push(lifecycle(stats, desk));
  if (stats[SEGMENT]) made.push(segments(stats, desk));
  return made;
}

/** Coloured stretches side by side; who reads with ears hears the shares. */
export function stack(words, counts, total) {
  const said = words.map((word, place) => `${word.label} ${percent(total ? counts[place] / total : 0)}`).join(", ");
  return h(
    "div", { class: "stack", role: "img", "aria-label": said },
    words.map((word, place) => counts[place] > 0 && h("i", {
      class: `fill ${word.tone}`, style: { width: `${(counts[place] / total) * 100}%` },
      title: `${word.label}: ${count(counts[place])} (${percent(counts[place] / total)})`,
    })),
  );
}

function lifecycle(stats, desk) {
  const words = desk.words(LIFE);
  const base = desk.everyone;
  const row = (label, told) => h("div", { class: "stack-row" }, h("span", {}, label), stack(words, told[LIFE], told.n));
  const legend = words.map((word, place) => {
    const share = stats.n ? stats[LIFE][place] / stats.n : 0;
    const all = base.n ? base[LIFE][place] / base.n : 0;
    return share || all
      ? h("button", { type: "button", class: "legend", "data-key": `life:${word.value}`,
        title: `${count(stats[LIFE][place])} customers. Adds it as a rule.`,
        onclick: () => desk.addRule({ field: LIFE, operator: "in", value: [word.value] }) },
      h("i", { class: `dot ${word.tone}` }), word.label, h("b", {}, percent(share)), h("small", {}, percent(all)))
      : null;
  });
  return h("section", { class: "panel" }, h("h2", {}, "Life cycle ", h("small", {}, "small figures = everyone")),
    row("Audience", stats), row("Everyone", base), h("div", { class: "legends" }, legend));
}

function segments(stats, desk) {
  const words = desk.words(SEGMENT);
  const base = desk.everyone;
  const rows = words.map((word, place) => ({
    word, n: stats[SEGMENT][place], share: stats.n ? stats[SEGMENT][place] / stats.n : 0,
    all: base.n ? base[SEGMENT][place] / base.n : 0,
  })).filter((one) => one.n || one.all).sort((a, b) => b.share - a.share || b.all - a.all);
  const most = Math.max(...rows.map((one) => Math.max(one.share, one.all)), 1e-9);
  const line = ({ word, n, share, all }) => {
    const lift = all ? share / all : 0;
    const tone = !share ? "" : lift >= 1.15 ? "good" : lift <= 0.85 ? "bad" : "";
    return h(
      "button", { type: "button", class: "segment", "data-key": `segment:${word.value}`,
        title: `${word.label}: ${count(n)} customers, ${percent(share)}; everyone ${percent(all)}. Adds it as a rule.`,
        onclick: () => desk.addRule({ field: SEGMENT, operator: "in", value: [word.value] }) },
      h("span", {}, word.label),
      h("i", { class: "track" }, h("u", { style: { width: percentWidth(share, most) } }),
        h("em", { style: { left: percentWidth(all, most) } })),
      h("b", {}, percent(share)), h("small", { class: tone }, stats.n === base.n ? "" : share ? times(lift) : "–"),
    );
  };
  return h("section", { class: "panel" },
    h("h2", {}, "RFM segments ", h("small", {}, stats.n === base.n ? "" : "tick = everyone, × = how much more often")),
    h("div", { class: "segments" }, rows.map(line)));
}

export function audiences(saved, desk) {
  const words = desk.words(LIFE);
  const measures = desk.measures;
  const everyone = { name: "Everyone", ...desk.everyone };
  const most = Math.max(...[everyone, ...saved].map((one) => one.ltv ?? 0), 1);
  const head = ["Audience", "Customers", ...measures.map((one) => one.label), words && "Life cycle",
    everyone.lost != null && "Lost"].filter(Boolean);
  const cell = (one, measure) => {
    const text = figure(one[measure.name], measure.kind, desk.symbol);
    if (measure.name !== "ltv") return h("td", {}, text);
    const width = percentWidth(Math.max(0, one.ltv ?? 0), most);
    return h("td", { class: "barred" }, h("i", { class: "track" }, h("u", { style: { width } })), text);
  };
  const row = (one) => h(
    "tr", { class: one.key ? (one.key === desk.key ? "current" : "") : "base" },
    h("th", { scope: "row" }, one.key
      ? h("button", { type: "button", class: "link", "data-key": `open:${one.key}`, title: one.said ?? one.problem,
        onclick: () => desk.open(one.key) }, one.name)
      : one.name),
    one.problem
      ? h("td", { colspan: head.length - 1, class: "quiet why" }, one.problem)
      : [h("td", {}, count(one.n)), measures.map((measure) => cell(one, measure)),
        words && h("td", { class: "mini" }, stack(words, one[LIFE], one.n)),
        everyone.lost != null && h("td", {}, figure(one.lost, "share"))],
  );
  return [
    h("h2", {}, "Your audiences"),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of audiences" },
      h("table", {}, h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, [everyone, ...saved].map(row)))),
    !saved.length && h("p", { class: "invite" }, "None saved yet. Give this one a name and save it: it becomes a file."),
  ];
}
