// Behaviour in one line: "at least [2] times [in shoes] [in the last] [90] [days]".

import { dropdown, h } from "./dom.js";
import { wordsControl } from "./chips.js";
import { numberBox } from "./controls.js";
import { stepsEditor } from "./sequence.js";
import { arePlainSteps } from "./steps.js";
import { formOf, inForm } from "./tree.js";

const MODES = [["atLeast", "at least"], ["atMost", "at most"], ["exactly", "exactly"], ["none", "never"]];
const FIRST = ["first", "for the first time"];
const STEPS = ["sequence", "in this order"];
const FIGURE_FORMS = [["sum", "sum of"], ["avg", "average of"], ["max", "largest"], ["min", "smallest"]];
const FIGURE_LEVELS = [[">=", "at least"], ["<=", "at most"], [">", "above"], ["<", "below"]];
const WHEN = [["in_the_last", "in the last"], ["before_the_last", "before the last"], ["any_time", "at any time"]];
export const UNITS = [["day", "days"], ["week", "weeks"], ["month", "months"], ["year", "years"]];

const innerOf = (rule) => (rule.aggregate ? rule.where : rule.value);
const formsOf = (field) => [...MODES, FIRST, STEPS, ...(field.figures?.length ? FIGURE_FORMS : [])];

/** True where the controls say all of the rule; `fieldOf` tells of a field by its name. */
export function isPlainBehaviour(rule, field, fieldOf) {
  if (!formsOf(field).some(([form]) => form === formOf(rule))) return false;
  if (!WHEN.some(([mode]) => mode === rule.timeframe?.mode)) return false;
  const figure = rule.aggregate;
  if (figure && (!field.figures.some(([name]) => name === figure.of) || typeof rule.value !== "number"
    || !FIGURE_LEVELS.some(([level]) => level === rule.operator))) return false;
  if (rule.sequence) return arePlainSteps(rule, fieldOf, isPlainInner, UNITS);
  return !rule.match?.vacuous && !rule.match?.count_by && isPlainInner(innerOf(rule), field);
}

function isPlainInner(group, field) {
  const inner = group?.rules ?? [];
  return inner.length < 2 && !group?.not
    && inner.every((one) => one.field === field.of && ["in", "="].includes(one.operator) && !one.nulls);
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
  if (rule.sequence) return h("div", {}, h("div", { class: "inline" }, mode, when, span), stepsEditor(rule, desk));
  const place = aggregate ? "where" : "value";
  const named = field.of && about(rule.id, field, rule, desk, innerOf, ({ [place]: _, ...one }, group) =>
    (group ? { ...one, [place]: group } : one));
  return h("div", { class: "inline" }, mode, often, figure, named, when, span);
}

/** Which products or categories, as tokens; `read` and `write` say where the inner rule stands in the rule. */
export function about(id, field, rule, desk, read, write) {
  const now = (one) => ({ id, field: field.of, operator: "in", value: [].concat(read(one ?? {})?.rules?.[0]?.value ?? []) });
  const seen = now(rule);
  const bench = {
    ...desk,
    paints: () => undefined,
    facetOf: () => undefined,
    ruleOf: () => now(desk.ruleOf(rule.id)),
    edit: (_, make, how) => desk.edit(rule.id, (one) => {
      const { value } = make(now(one));
      return write(one, value.length > 0
        && { combinator: "and", rules: [{ field: field.of, operator: "in", value }] });
    }, how),
  };
  const named = { name: field.ofBase, label: field.ofLabel, kind: "choice", empty: "anything" };
  return [h("span", { class: "quiet" }, seen.value.length ? "in" : "of"), wordsControl(seen, named, bench)];
}
