// What happened in an order: "1 Viewed [shoes] 2 then [Bought] [in shoes] [within] [14] [days]".

import { about, UNITS } from "./behaviour.js";
import { numberBox } from "./controls.js";
import { dropdown, h, icon, iconButton } from "./dom.js";
import { alikeIn, inOrder, MOST_STEPS, stepAbout, stepAdded, stepRemoved, stepsOf, withStep } from "./steps.js";

const LINKS = [["then", "then"], ["not", "but not"]];
const SOON = [["any", "at any time later"], ["within", "within"]];

/** The steps below the line that says when. */
export function stepsEditor(rule, desk) {
  const steps = stepsOf(rule);
  const things = desk.fields.filter((one) => one.kind === "behaviour").map((one) => [one.name, one.label]);
  const edit = (make, how) => desk.edit(rule.id, make, how);
  const rows = steps.map((step, place) => {
    const key = `${rule.id}:${place}`;
    const name = `Step ${place + 1}`;
    const set = (make, how) => edit((one) => withStep(one, place, make, desk.field), how);
    const put = (part, next, how) => set(({ [part]: _, ...one }) => (next ? { ...one, [part]: next } : one), how);
    const link = place > 0 && dropdown(`${name}: follows or not`, LINKS, step.negate ? "not" : "then",
      (next) => put("negate", next === "not"), `${key}:link`);
    const what = dropdown(`${name}: what`, things, step.field,
      (next) => set((one) => stepAbout(one, next, desk.field)), `${key}:what`);
    const drop = iconButton("x", `Remove ${name.toLowerCase()}`, () => edit((one) => stepRemoved(one, place, desk.field),
      { focus: steps.length > 2 ? `${rule.id}:step` : `${rule.id}:mode` }), { "data-key": `${key}:drop`, class: "remove" });
    const field = desk.field(step.field);
    return h("li", { class: "inline" }, h("span", { class: "quiet" }, place + 1), link, what,
      field.of && about(key, field, rule, desk, (one) => one.sequence?.steps[place]?.value,
        (one, value) => withStep(one, place, ({ value: _, ...rest }) => (value ? { ...rest, value } : rest), desk.field)),
      place > 0 && soon(step, name, key, put), drop);
  });
  const alike = alikeIn(steps, desk.field);
  const same = (next) => edit((one) => inOrder({ ...one, sequence: { ...one.sequence, same: next ? [next] : [] } },
    stepsOf(one), desk.field));
  return [
    h("ol", { class: "steps" }, rows),
    h("div", { class: "inline" },
      steps.length < MOST_STEPS && h("button", { type: "button", class: "add", "data-key": `${rule.id}:step`,
        onclick: () => edit((one) => stepAdded(one, desk.field), { focus: `${rule.id}:${steps.length}:what` }) },
      icon("plus", 13), "Add step"),
      alike.length > 0 && h("span", { class: "quiet" }, "all"), alike.length > 0 && dropdown("The same in all steps", [["", "of anything"],
        ...alike.map(([name, label]) => [name, `of the same ${label}`])], rule.sequence.same?.[0] ?? "", same,
      `${rule.id}:same`)),
  ];
}

/** How long after the step before. */
function soon({ within }, name, key, put) {
  const live = { isLive: true, joins: true };
  return [
    dropdown(`${name}: how soon`, SOON, within ? "within" : "any",
      (next) => put("within", next === "within" && { quantity: 30, unit: "day" }), `${key}:soon`),
    within && numberBox(`${name}: how long`, within.quantity,
      (next) => put("within", { ...within, quantity: Math.round(next) }, live), `${key}:long`, { least: 1 }),
    within && dropdown(`${name}: unit of time`, UNITS, within.unit,
      (unit) => put("within", { ...within, unit }), `${key}:unit`),
  ];
}
