// The answer beside the rules: one number, what it is worth against everyone, how the rules narrow it, in words.

import { h } from "./dom.js";
import { against, count, money, percent, short } from "./format.js";
import { percentWidth } from "./chips.js";
import { isGroup, matchOf } from "./tree.js";

export function answer(desk) {
  const big = h("div", { class: "big", "data-testid": "count" });
  const about = h("div", { class: "about" });
  const meter = h("i");
  const worth = h("div", { class: "bars" });
  const steps = h("div", { class: "bars steps" });
  const words = h("p", { class: "words" });
  const worthBox = h("section", {}, h("h3", {}, desk.measures[0]?.label ?? "Value"), worth);
  const stepsBox = h("section", {}, h("h3", {}, "How the rules narrow it"), steps);
  const box = h(
    "aside", { class: "answer", "aria-label": "Answer" },
    h("h3", {}, "Customers in audience"), big, about, h("div", { class: "meter" }, meter),
    worthBox, stepsBox, h("section", {}, h("h3", {}, "In words"), words),
  );

  return {
    box,
    paintCount(told) {
      const { n, of } = told.exact ?? told;
      const sign = isEstimate(told) ? "≈ " : "";
      big.dataset.n = n;
      big.textContent = sign + count(n);
      big.classList.toggle("long", n >= (sign ? 1_000_000 : 10_000_000));
      meter.style.setProperty("width", `${of ? (n / of) * 100 : 0}%`);
      about.replaceChildren(h("b", {}, percent(of ? n / of : 0)), ` of ${count(of)}`, " · ", ...exactness(told));
    },
    paintDetail(told, tree) {
      const measure = desk.measures.find((one) => one.name === "ltv");
      worthBox.hidden = !measure;
      if (measure && told.stats) worth.replaceChildren(...worthBars(told.stats, desk, measure));
      const funnel = told.funnel ?? [];
      stepsBox.hidden = funnel.length < 1;
      steps.replaceChildren(...stepBars(funnel, tree, desk, told.of));
      if (told.words) words.textContent = told.words;
    },
  };
}

/** True while a sample answers for everybody. */
const isEstimate = (told) => Boolean(told.interval) && !told.exact;

function exactness(told) {
  if (told.exact) return [h("span", { class: "exact-word" }, "exact")];
  if (told.wait) return [h("span", { class: "estimating" }, `estimating… ${told.wait}`)];
  if (isEstimate(told)) {
    const [low, high] = told.interval.map(count);
    const next = told.inexact ?? (told.isCounting ? "counting everybody…" : "");
    return [h("span", { class: "estimating" }, `estimate (${low} to ${high}, 95% sure)`), next && h("span", { class: "quiet" }, ` ${next}`)]
      .filter(Boolean);
  }
  const time = told.ms < 0.95 ? "under 1 ms" : `${told.ms.toFixed(told.ms < 10 ? 1 : 0)} ms`;
  return [h("span", { class: "exact-word" }, "exact"), ` in ${time}`];
}

function worthBars(stats, desk, measure) {
  const mine = stats[measure.name];
  const base = desk.everyone[measure.name];
  const most = Math.max(mine ?? 0, base ?? 0, 0);
  const rows = [["Audience", mine, "mine"], ["Everyone", base, ""]];
  const { text, tone } = against(mine, base);
  const verdict = h("p", { class: "verdict" }, h("b", { class: tone }, text), " against the average customer");
  return [
    ...rows.map(([label, value, kind]) =>
      bar(label, Math.max(0, value ?? 0), most, value == null ? "–" : money(value, desk.symbol), kind)),
    text && !text.startsWith("=") && verdict,
  ].filter(Boolean);
}

function stepBars(funnel, tree, desk, of) {
  const names = new Map(tree.rules.map((one) => [one.id, stepName(one, desk)]));
  const first = { label: "Everyone", n: of, value: desk.everyone.ltv };
  const rest = funnel.map(([id, n, value]) => ({ label: names.get(id) ?? "", n, value }));
  return [first, ...rest].map(({ label, n, value }, place) => {
    const worth = value == null ? null : h("small", { title: "Value per customer" }, money(value, desk.symbol));
    return bar(label, n, of, short(n), place === funnel.length ? "mine" : "", worth);
  });
}

function stepName(node, desk) {
  if (!isGroup(node)) return desk.field(node.field)?.label ?? node.field;
  const match = { all: "all of", any: "any of", none: "none of", notAll: "not all of" }[matchOf(node)];
  return `Group (${match})`;
}

function bar(label, value, most, text, kind, extra) {
  return h(
    "div", { class: `bar ${kind} ${extra ? "two" : ""}` }, h("span", { title: label }, label),
    h("i", { class: "track" }, h("u", { style: { width: percentWidth(value, most) } })), h("b", {}, text), extra,
  );
}
