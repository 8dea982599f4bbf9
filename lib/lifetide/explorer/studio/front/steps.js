// Steps one after the other: what happened in an order. Pure.

import { inForm } from "./tree.js";

export const MOST_STEPS = 5;

/** Every step with what it is about. */
export function stepsOf(rule) {
  return rule.sequence.steps.map((one) => ({ field: rule.field, ...one }));
}

/** What can be the same in all steps; `fieldOf` tells of a field by its name. */
export function alikeIn(steps, fieldOf) {
  const [first, ...rest] = steps.map((one) => fieldOf(one.field)?.alike ?? []);
  return first.filter(([name]) => rest.every((others) => others.some(([other]) => other === name)));
}

/** The rule with other steps: it is about what its first one is about, which follows nothing and is not denied. */
export function inOrder(rule, steps, fieldOf) {
  const [{ negate, within, ...first }, ...rest] = steps;
  const known = alikeIn(steps, fieldOf);
  const same = (rule.sequence.same ?? []).filter((one) => known.some(([name]) => name === one));
  return { ...rule, field: first.field, sequence: { steps: [first, ...rest], ...(same.length && { same }) } };
}

export function withStep(rule, place, make, fieldOf) {
  return inOrder(rule, stepsOf(rule).map((one, at) => (at === place ? make(one) : one)), fieldOf);
}

/** The step about something else; what was chosen in it goes where that has no such thing. */
export function stepAbout(step, name, fieldOf) {
  const { value, ...rest } = step;
  const stays = value && fieldOf(name)?.of && fieldOf(name).of === fieldOf(step.field)?.of;
  return { ...rest, field: name, ...(stays && { value }) };
}

export function stepAdded(rule, fieldOf) {
  const steps = stepsOf(rule);
  return steps.length < MOST_STEPS ? inOrder(rule, [...steps, { field: steps.at(-1).field }], fieldOf) : rule;
}

/** Without a step; what is left of two is no order, but a thing that happened. */
export function stepRemoved(rule, place, fieldOf) {
  const left = stepsOf(rule).filter((_, at) => at !== place);
  const next = inOrder(rule, left, fieldOf);
  return left.length > 1 ? next : inForm(next, "atLeast");
}

/** True where the editor shows all that the steps say; `isPlainInner(group, field)` judges what is chosen in one. */
export function arePlainSteps(rule, fieldOf, isPlainInner, units) {
  const steps = stepsOf(rule);
  const same = rule.sequence.same ?? [];
  return steps[0].field === rule.field && same.length < 2
    && same.every((one) => alikeIn(steps, fieldOf).some(([name]) => name === one))
    && steps.every(({ field, value, within }) => fieldOf(field) && isPlainInner(value, fieldOf(field))
      && (!within || units.some(([unit]) => unit === within.unit)));
}
