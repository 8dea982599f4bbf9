// Behaviour in one line: "at least [2] times [in shoes] [in the last] [90] [days]".

import { dropdown, h } from "./dom.js";
import { wordsControl } from "./chips.js";
import { numberBox } from "./controls.js";
import { formOf, inForm } from "./tree.js";

const MODES = [["atLeast", "at least"], ["atMost", "at most"], ["exactly", "exactly"], ["none", "never"]];
const FIRST = ["first", "for the first time"];
const FIGURE_FORMS = [["sum", "sum of"], ["avg", "average of"], ["max", "largest"], ["min", "smallest"]];
const FIGURE_LEVELS = [[">=", "at least"], ["<=", "at most"], [">", "above"], ["<", "below"]];
const WHEN = [["in_the_last", "in the last"], ["before_the_last", "before the last"], ["any_time", "at any time"]];
const UNITS = [["day", "days"], ["week", "weeks"], ["month", "months"], ["year", "years"]];

const innerOf = (rule) => (rule.aggregate ? rule.where : rule.value);
const formsOf = (field) => [...MODES, FIRST, ...(field.figures?.length ? FIGURE_FORMS : [])];

/** True where one line says all of the rule. */
export function isPlainBehaviour(rule, field) {
  if (rule.sequence || !formsOf(field).some(([form]) => form === formOf(rule))) return false;
  if (!WHEN.some(([mode]) => mode === rule.timeframe?.mode)) return false;
  const figure = rule.aggregate;
  if (figure && (!field.figures.some(([name]) => name === figure.of) || typeof rule.value !== "number"
    || !FIGURE_LEVELS.some(([level]) => level === rule.operator))) return false;
  const inner = innerOf(rule)?.rules ?? [];
  if (inner.length > 1 || innerOf(rule)?.not || rule.match?.vacuous || rule.match?.count_by) return false;
  return inner.every((one) => one.field === field.of && ["in", "="].includes(one.operator) && !one.nulls);
}

export function behaviourControl(rule, field, desk) {
  const { match, timeframe, aggregate } = rule;
  const edit = (make, live) => desk.edit(rule.id, make, live ? { isLive: true, joins: true } : {});
  const key = (part) => `${rule.id}:${part}`;
  const mode = dropdown(`How often: ${field.label}`, formsOf(field), formOf(rule),
    (next) => edit((one) => inForm(one, next, field.figures?.[0]?.[0])), key("mode"));
  const often = match && match.mode !== "none" && [
    numberBox("Times", match.threshold, (next) => edit((one) => ({
      ...one, match: { ...one.match, threshold: Math.round(next) },
    }), true), key("times"), { least: match.mode === "atLeast" ? 1 : 0, width: 3 }),
    h("span", { class: "quiet" }, match.threshold === 1 ? "time" : "times"),
  ];
  const figure = aggregate && [
    dropdown("Figure", field.figures, aggregate.of, (next) => edit((one) => ({
      ...one, aggregate: { ...one.aggregate, of: next },
    })), key("figure")),
    dropdown("Compared", FIGURE_LEVELS, rule.operator, (next) => edit((one) => ({ ...one, operator: next })), key("op")),
    numberBox("Amount", rule.value, (next) => edit((one) => ({ ...one, value: next }), true), key("amount"), { width: 6 }),
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
  return h("div", { class: "inline" }, mode, often, figure, field.of && about(rule, field, desk), when, span);
}

/** Which products or categories: the inner rule as tokens. */
function about(rule, field, desk) {
  const inner = innerOf(rule)?.rules?.[0];
  const place = rule.aggregate ? "where" : "value";
  const values = inner ? [].concat(inner.value) : [];
  const seen = { id: rule.id, field: field.of, operator: "in", value: values };
  const now = (one) => {
    const held = innerOf(one ?? {})?.rules?.[0];
    return { ...seen, value: held ? [].concat(held.value) : [] };
  };
  const bench = {
    ...desk,
    paints: () => undefined,
    facetOf: () => undefined,
    ruleOf: () => now(desk.ruleOf(rule.id)),
    edit: (_, make, how) => desk.edit(rule.id, (one) => {
      const next = make(now(one)).value;
      const { [place]: was, ...rest } = one;
      if (!next.length) return rest;
      return { ...rest, [place]: { combinator: "and", rules: [{ field: field.of, operator: "in", value: next }] } };
    }, how),
  };
  const named = { name: field.ofBase, label: field.ofLabel, kind: "choice", empty: "anything" };
  return [h("span", { class: "quiet" }, values.length ? "in" : "of"), wordsControl(seen, named, bench)];
}
