// Behaviour in one line: "at least [2] times [in shoes] [in the last] [90] [days]".

import { dropdown, h } from "./dom.js";
import { wordsControl } from "./chips.js";
import { numberBox } from "./controls.js";

const MODES = [["atLeast", "at least"], ["atMost", "at most"], ["exactly", "exactly"], ["none", "never"]];
const WHEN = [["in_the_last", "in the last"], ["before_the_last", "before the last"], ["any_time", "at any time"]];
const UNITS = [["day", "days"], ["week", "weeks"], ["month", "months"], ["year", "years"]];

/** True where one line says all of the rule. */
export function isPlainBehaviour(rule, field) {
  if (!rule.match || !MODES.some(([mode]) => mode === rule.match.mode)) return false;
  if (!WHEN.some(([mode]) => mode === rule.timeframe?.mode)) return false;
  const inner = rule.value?.rules ?? [];
  if (inner.length > 1 || rule.value?.not || rule.vacuous) return false;
  return inner.every((one) => one.field === field.of && ["in", "="].includes(one.operator) && !one.nulls);
}

export function behaviourControl(rule, field, desk) {
  const { match, timeframe } = rule;
  const edit = (make, live) => desk.edit(rule.id, make, live ? { isLive: true, joins: true } : {});
  const key = (part) => `${rule.id}:${part}`;
  const mode = dropdown(`How often: ${field.label}`, MODES, match.mode, (next) => edit((one) => {
    const { threshold: was, ...rest } = one.match;
    return { ...one, match: next === "none" ? { ...rest, mode: next } : { ...rest, mode: next, threshold: was ?? 1 } };
  }), key("mode"));
  const often = match.mode !== "none" && [
    numberBox("Times", match.threshold, (next) => edit((one) => ({
      ...one, match: { ...one.match, threshold: Math.round(next) },
    }), true), key("times"), { least: match.mode === "atLeast" ? 1 : 0, width: 3 }),
    h("span", { class: "quiet" }, match.threshold === 1 ? "time" : "times"),
  ];
  const when = dropdown("When", WHEN, timeframe.mode, (next) => edit((one) => ({
    ...one,
    timeframe: next === "any_time" ? { mode: next } : { quantity: 90, unit: "day", ...one.timeframe, mode: next },
  })), key("when"));
  const span = timeframe.mode !== "any_time" && [
    numberBox("How long", timeframe.quantity, (next) => edit((one) => ({
      ...one, timeframe: { ...one.timeframe, quantity: Math.round(next) },
    }), true), key("quantity"), { least: 1 }),
    dropdown("Unit of time", UNITS, timeframe.unit, (next) => edit((one) => ({
      ...one, timeframe: { ...one.timeframe, unit: next },
    })), key("unit")),
  ];
  return h("div", { class: "inline" }, mode, often, field.of && about(rule, field, desk), when, span);
}

/** Which products or categories: the inner rule as tokens. */
function about(rule, field, desk) {
  const inner = rule.value?.rules?.[0];
  const values = inner ? [].concat(inner.value) : [];
  const seen = { id: rule.id, field: field.of, operator: "in", value: values };
  const bench = {
    ...desk,
    paints: () => undefined,
    facetOf: () => undefined,
    ruleOf: () => {
      const now = desk.ruleOf(rule.id)?.value?.rules?.[0];
      return { ...seen, value: now ? [].concat(now.value) : [] };
    },
    edit: (_, make, how) => desk.edit(rule.id, (one) => {
      const now = one.value?.rules?.[0];
      const next = make({ ...seen, value: now ? [].concat(now.value) : [] }).value;
      const { value: was, ...rest } = one;
      if (!next.length) return rest;
      return { ...rest, value: { combinator: "and", rules: [{ field: field.of, operator: "in", value: next }] } };
    }, how),
  };
  const named = { name: field.ofBase, label: field.ofLabel, kind: "choice", empty: "anything" };
  return [h("span", { class: "quiet" }, values.length ? "in" : "of"), wordsControl(seen, named, bench)];
}
