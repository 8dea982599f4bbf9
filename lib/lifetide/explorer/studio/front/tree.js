// The rule tree in the browser: plain documents in the shape of react-querybuilder, each node with an id. Pure.

let named = 0;

export function newId(prefix) {
  named += 1;
  return `${prefix}${Date.now().toString(36)}${named.toString(36)}`;
}

export const isGroup = (node) => Array.isArray(node.rules);

/** Every node below (and with) a group, depth first. */
export function* nodes(tree) {
  yield tree;
  if (isGroup(tree)) for (const one of tree.rules) yield* nodes(one);
}

export function found(tree, id) {
  for (const one of nodes(tree)) if (one.id === id) return one;
  return undefined;
}

export function parentOf(tree, id) {
  for (const one of nodes(tree)) if (isGroup(one) && one.rules.some((child) => child.id === id)) return one;
  return undefined;
}

/** The rules of `after` that are not as in `before`; undefined where a group is another, or holds others. */
export function changedRules(before, after) {
  if (before.id !== after.id || isGroup(before) !== isGroup(after)) return undefined;
  if (!isGroup(after)) return before === after ? [] : [after];
  const [{ rules: was, ...head }, { rules: now, ...nextHead }] = [before, after];
  if (was.length !== now.length || JSON.stringify(head) !== JSON.stringify(nextHead)) return undefined;
  const found = now.map((one, place) => changedRules(was[place], one));
  return found.includes(undefined) ? undefined : found.flat();
}

/** The tree with `make(node)` in the place of one node; what is not touched is shared. */
export function replaced(tree, id, make) {
  if (tree.id === id) return make(tree);
  if (!isGroup(tree)) return tree;
  return { ...tree, rules: tree.rules.map((one) => replaced(one, id, make)) };
}

export function added(tree, groupId, node) {
  return replaced(tree, groupId, (group) => ({ ...group, rules: [...group.rules, node] }));
}

export function removed(tree, id) {
  if (!isGroup(tree)) return tree;
  return { ...tree, rules: tree.rules.filter((one) => one.id !== id).map((one) => removed(one, id)) };
}

/** A node's copy stands right after it. */
export function cloned(tree, id) {
  if (!isGroup(tree)) return tree;
  const rules = tree.rules.flatMap((one) => (one.id === id ? [one, renamed(one)] : [cloned(one, id)]));
  return { ...tree, rules };
}

/** One place up or down among its siblings. */
export function moved(tree, id, by) {
  const parent = parentOf(tree, id);
  if (!parent) return tree;
  const from = parent.rules.findIndex((one) => one.id === id);
  const to = from + by;
  if (to < 0 || to >= parent.rules.length) return tree;
  const rules = [...parent.rules];
  rules.splice(to, 0, rules.splice(from, 1)[0]);
  return replaced(tree, parent.id, (group) => ({ ...group, rules }));
}

/** The same node with ids of its own. */
export function renamed(node) {
  if (isGroup(node)) return { ...node, id: newId("g"), rules: node.rules.map(renamed) };
  return { ...node, id: newId("r") };
}

/** Ids where there are none: what comes from a file has none. */
export function withIds(node) {
  if (isGroup(node)) return { ...node, id: node.id ?? newId("g"), rules: node.rules.map(withIds) };
  return { ...node, id: node.id ?? newId("r") };
}

export function muted(tree, id) {
  return replaced(tree, id, ({ muted: was, ...node }) => (was ? node : { ...node, muted: true }));
}

// all, any, none, notAll ↔ combinator and not

export function matchOf(group) {
  if (group.combinator === "or") return group.not ? "none" : "any";
  return group.not ? "notAll" : "all";
}

export function matching(group, match) {
  const { not: _, ...rest } = group;
  const combinator = match === "any" || match === "none" ? "or" : "and";
  return match === "none" || match === "notAll" ? { ...rest, combinator, not: true } : { ...rest, combinator };
}

export function emptyGroup(combinator) {
  return { id: newId("g"), combinator, rules: [] };
}

/** A rule about a field, with nothing asked yet (it does not narrow anything until it is). */
export function freshRule(field) {
  const rule = { id: newId("r"), field: field.name };
  if (field.kind === "flag") return { ...rule, operator: "=", value: true };
  if (field.kind === "behaviour") {
    const timeframe = { mode: "in_the_last", quantity: 90, unit: "day" };
    return { ...rule, match: { mode: "atLeast", threshold: 1 }, timeframe };
  }
  if (["number", "money", "share", "date"].includes(field.kind)) return { ...rule, operator: "between", value: null };
  return { ...rule, operator: "in", value: [] };
}

/** Number ranges have one control: [low, high], either end open. */
export function rangeOf(rule) {
  if (rule.operator === ">=") return [rule.value, null];
  if (rule.operator === "<=") return [null, rule.value];
  if (rule.operator === "between" || rule.operator === "notBetween") return rule.value ?? [null, null];
  return undefined;
}

/** The rule for a range; `between` with one open end is >= or <=. */
export function ranged(rule, low, high) {
  const isNot = rule.operator === "notBetween";
  if (low == null && high == null) return { ...rule, operator: isNot ? "notBetween" : "between", value: null };
  if (isNot) return { ...rule, value: [low, high] };
  if (high == null) return { ...rule, operator: ">=", value: low };
  if (low == null) return { ...rule, operator: "<=", value: high };
  return { ...rule, operator: "between", value: [low, high] };
}

const DAY_MS = 86_400_000;
const nextDay = (iso, by) => new Date(Date.parse(`${iso}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

/** The same for dates, which are before, after or between: [first, last], both in. */
export function daysRangeOf(rule) {
  if (rule.operator === "after") return [nextDay(rule.value, 1), null];
  if (rule.operator === "before") return [null, nextDay(rule.value, -1)];
  if (rule.operator === "on") return [rule.value, rule.value];
  return rule.operator === "between" ? rule.value ?? [null, null] : undefined;
}

export function rangedDays(rule, first, last) {
  if (first == null && last == null) return { ...rule, operator: "between", value: null };
  if (last == null) return { ...rule, operator: "after", value: nextDay(first, -1) };
  if (first == null) return { ...rule, operator: "before", value: nextDay(last, 1) };
  return { ...rule, operator: "between", value: [first, last] };
}

/** True where the rule asks nothing yet. */
export function isUnfinished(rule) {
  if (isGroup(rule)) return rule.rules.every((one) => one.muted || isUnfinished(one));
  if (rule.match || rule.aggregate || rule.sequence || rule.firstTime) return false;
  if (["null", "notNull"].includes(rule.operator)) return false;
  const value = rule.value;
  if (value == null || value === "") return true;
  if (!Array.isArray(value)) return false;
  return value.length === 0 || (/etween$/.test(rule.operator) && value.some((one) => one == null));
}

/** What a rule about behaviour asks: how often (by mode), for the first time, in an order, or a figure of it. */
export function formOf(rule) {
  return rule.match?.mode ?? (rule.sequence ? "sequence" : rule.firstTime ? "first" : rule.aggregate?.measure);
}

const FIGURES = ["sum", "avg", "max", "min"];

/** The same rule asking something else; what was chosen inside it and when stays. */
export function inForm(rule, form, figure) {
  const { match, firstTime, aggregate, sequence, operator, value, where, ...rest } = rule;
  const inner = sequence ? sequence.steps[0].value : aggregate ? where : value;
  const of = aggregate?.of ?? figure;
  const held = inner === undefined ? {} : { [FIGURES.includes(form) ? "where" : "value"]: inner };
  if (FIGURES.includes(form)) {
    return { ...rest, ...held, aggregate: { measure: form, of }, operator: operator ?? ">=", value: aggregate ? value : 1 };
  }
  if (form === "sequence") {
    const { value: first } = held;
    return { ...rest, sequence: { steps: [{ field: rule.field, ...(first && { value: first }) }, { field: rule.field }] } };
  }
  if (form === "first") return { ...rest, ...held, firstTime: true };
  const { threshold: was, ...kept } = match ?? {};
  return { ...rest, ...held, match: form === "none" ? { ...kept, mode: form } : { ...kept, mode: form, threshold: was ?? 1 } };
}
