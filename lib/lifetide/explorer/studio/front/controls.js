// Which operators a field has, and the control that suits a rule.

import { rangeControl } from "./brush.js";
import { behaviourControl, isPlainBehaviour } from "./behaviour.js";
import { wordsControl } from "./chips.js";
import { choice, dropdown, h } from "./dom.js";
import { daysRangeOf, rangeOf } from "./tree.js";

const UNKNOWN = [["null", "is unknown"], ["notNull", "is known"]];
const WORDS = [["in", "is any of"], ["notIn", "is none of"]];
const RANKED = [["topPercent", "is in the top %"], ["bottomPercent", "is in the bottom %"], ["topN", "is in the top"]];
const RANGE = [["between", "is"], ["notBetween", "is not"]];
const LEVELS = [["<=", "is at most"], [">=", "is at least"]];
const TEXTS = [
  ["contains", "contains"], ["doesNotContain", "does not contain"], ["beginsWith", "begins with"],
  ["endsWith", "ends with"], ["doesNotBeginWith", "does not begin with"], ["doesNotEndWith", "does not end with"],
  ["matches", "matches (* and ?)"],
];
const OPERATORS = {
  choice: [...WORDS, ...UNKNOWN],
  ordered: [...WORDS, ...LEVELS, ...UNKNOWN],
  text: [...WORDS, ...TEXTS, ...UNKNOWN],
  flag: [["=", "is"], ...UNKNOWN],
  number: [...RANGE, ...RANKED, ...UNKNOWN],
  date: [["between", "is"], ["withinLast", "in the last days"], ["withinNext", "in the next days"], ...UNKNOWN],
  audience: [["in", "is in"], ["notIn", "is not in"]],
};
OPERATORS.money = OPERATORS.number;
OPERATORS.share = OPERATORS.number;

const EXTRAS = ["valueSource", "nulls", "ignore_case", "scale", "minimum"];

/** The operator as the control shows it: >= and <= of a number are a range. */
function shownOperator(rule, field) {
  if (field.kind === "date") return daysRangeOf(rule) ? "between" : rule.operator;
  if (field.kind !== "ordered" && rangeOf(rule)) return rule.operator === "notBetween" ? "notBetween" : "between";
  return field.kind === "flag" && rule.operator === "!=" ? "=" : rule.operator;
}

/** True where the builder has controls for all that the rule says. */
export function isEditable(rule, field, fieldOf) {
  if (!field || EXTRAS.some((key) => rule[key] != null && rule[key] !== false)) return false;
  if (field.kind === "behaviour") return isPlainBehaviour(rule, field, fieldOf);
  const operator = shownOperator(rule, field);
  if (!OPERATORS[field.kind]?.some(([known]) => known === operator)) return false;
  if (operator === "withinLast" || operator === "withinNext") return (rule.value?.unit ?? "day") === "day";
  return true;
}

/** [operator control, value control]. */
export function controls(rule, field, desk) {
  if (field.kind === "behaviour") return [null, behaviourControl(rule, field, desk)];
  if (field.kind === "flag" && !["null", "notNull"].includes(rule.operator)) return [null, flag(rule, field, desk)];
  const operator = shownOperator(rule, field);
  const pick = (next) => desk.edit(rule.id, (one) => withOperator(one, next, field));
  const select = dropdown(`How ${field.label} is compared`, OPERATORS[field.kind], operator, pick, `${rule.id}:op`);
  return [select, value(rule, field, operator, desk)];
}

function value(rule, field, operator, desk) {
  if (operator === "null" || operator === "notNull") return null;
  if (field.kind === "audience") return wordsControl(rule, field, desk);
  if (["in", "notIn"].includes(operator) || field.kind === "ordered") return wordsControl(rule, field, desk);
  if (["between", "notBetween"].includes(operator)) return rangeControl(rule, field, desk);
  if (["topPercent", "bottomPercent"].includes(operator)) return amount(rule, "percent of customers", desk, 10);
  if (operator === "topN") return amount(rule, "customers", desk, 1000);
  if (["withinLast", "withinNext"].includes(operator)) return amount(rule, "days", desk, 90);
  return text(rule, field, desk);
}

/** The same rule compared another way; what was chosen stays where it can. */
export function withOperator(rule, operator, field) {
  const next = { ...rule, operator };
  const isList = ["in", "notIn"].includes(operator);
  if (operator === "null" || operator === "notNull") return { ...next, value: null };
  if (isList) return { ...next, value: Array.isArray(rule.value) ? rule.value : rule.value ? [rule.value] : [] };
  if (field.kind === "ordered") return { ...next, value: [].concat(rule.value ?? [])[0] ?? null };
  if (["between", "notBetween"].includes(operator)) {
    const was = rangeOf(rule);
    return { ...next, value: was && was.every((one) => one != null) ? was : null };
  }
  const starts = { topPercent: 10, bottomPercent: 10, topN: 1000, withinLast: 90, withinNext: 30 };
  if (operator.startsWith("within")) return { ...next, value: { quantity: starts[operator], unit: "day" } };
  if (operator in starts) return { ...next, value: starts[operator] };
  return { ...next, value: typeof rule.value === "string" ? rule.value : "" };
}

function flag(rule, field, desk) {
  const isTrue = (rule.value === true || rule.value === "true") === (rule.operator === "=");
  const options = [[true, field.yes ?? "Yes"], [false, field.no ?? "No"], ["null", "Unknown"]];
  const pick = (next) => desk.edit(rule.id, (one) =>
    next === "null" ? { ...one, operator: "null", value: null } : { ...one, operator: "=", value: next });
  return choice(field.label, options, isTrue, pick, `${rule.id}:flag`);
}

/** A number in a box, sent while it is typed. */
export function numberBox(label, now, set, key, { least = 0, width = 4 } = {}) {
  const box = h("input", {
    type: "number", class: "box", value: String(now ?? ""), min: least, "aria-label": label, "data-key": key,
    style: { width: `${width + 2}ch` },
    oninput: () => box.value !== "" && Number(box.value) >= least && set(Number(box.value)),
  });
  return box;
}

function amount(rule, unit, desk, start) {
  const isSpan = rule.value && typeof rule.value === "object";
  const now = isSpan ? rule.value.quantity : rule.value ?? start;
  const set = (next) => desk.edit(rule.id, (one) => ({
    ...one, value: isSpan ? { ...one.value, quantity: next } : next,
  }), { isLive: true, joins: true });
  const box = numberBox(unit, now, set, `${rule.id}:amount`, { least: 1, width: 6 });
  return h("div", { class: "inline" }, box, h("span", { class: "quiet" }, unit));
}

function text(rule, field, desk) {
  const box = h("input", {
    class: "box wide", value: String(rule.value ?? ""), "aria-label": `Text in ${field.label}`,
    placeholder: "type a text…", "data-key": `${rule.id}:text`,
    oninput: () => desk.edit(rule.id, (one) => ({ ...one, value: box.value }), { isLive: true, joins: true }),
  });
  return h("div", { class: "inline" }, box);
}
