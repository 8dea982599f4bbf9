// The pure functions of the studio's scripts; run by test_front.py with `node --test`.

import assert from "node:assert/strict";
import test from "node:test";

const front = new URL("../../../lib/lifetide/explorer/studio/front/", import.meta.url);
const format = await import(new URL("format.js", front));
const tree = await import(new URL("tree.js", front));
const past = await import(new URL("history.js", front));
const { lane } = await import(new URL("lane.js", front));
const scale = await import(new URL("scale.js", front));
const steps = await import(new URL("steps.js", front));
const marks = await import(new URL("marks.js", front));

test("how much more often is told with as many digits as it needs, and somebody is never nobody", () => {
  assert.deepEqual([12.4, 3.04, 0.28, 0.004, 0].map(format.times), ["×12", "×3.0", "×0.28", "×<0.01", "×0.00"]);
});

test("numbers are short and never say zero for something", () => {
  assert.equal(format.short(12345), "12.3k");
  assert.equal(format.short(9994), "9,994");
  assert.equal(format.short(2_000_000), "2M");
  assert.equal(format.percent(0), "0%");
  assert.equal(format.percent(0.0004), "<0.1%");
  assert.equal(format.percent(0.0123), "1.2%");
  assert.equal(format.percent(0.2183), "22%");
  assert.equal(format.percent(0.99999), ">99.9%");
  assert.equal(format.money(1234.4, "£"), "£1,234");
  assert.equal(format.money(-3.5, "£"), "−£3.50");
});

test("dates go there and back", () => {
  assert.equal(format.day(15317), "9 Dec 2011");
  assert.equal(format.isoDay(15317), "2011-12-09");
  assert.equal(format.daysOf("2011-12-09"), 15317);
});

test("a range says its open ends, and its unit once", () => {
  const money = { kind: "money", unit: "€" };
  const days = { kind: "number", unit: "days ago" };
  assert.equal(format.range(100, null, money), "€100 or more");
  assert.equal(format.range(null, 100, money), "up to €100");
  assert.equal(format.range(60, 260, days), "60 – 260 days ago");
  assert.equal(format.range(null, null, days), "any");
  assert.equal(format.range(15317, null, { kind: "date" }), "from 9 Dec 2011");
});

test("against everyone: good is up, but not where less is better", () => {
  assert.deepEqual(format.against(150, 100), { text: "▲ 50%", tone: "good" });
  assert.deepEqual(format.against(150, 100, true), { text: "▲ 50%", tone: "bad" });
  assert.deepEqual(format.against(100.2, 100), { text: "= everyone", tone: "" });
  assert.deepEqual(format.against(1, 0), { text: "", tone: "" });
});

const leaf = (id, more = {}) => ({ id, field: "x", operator: "in", value: ["a"], ...more });
const root = () => ({ id: "root", combinator: "and", rules: [leaf("a"), { id: "g", combinator: "or", rules: [leaf("b")] }] });

test("a changed tree is a new one, and what was not touched is shared", () => {
  const before = root();
  const after = tree.replaced(before, "b", (one) => ({ ...one, value: ["z"] }));
  assert.deepEqual(before, root());
  assert.equal(after.rules[0], before.rules[0]);
  assert.deepEqual(after.rules[1].rules[0].value, ["z"]);
});

test("the rules that changed are told apart where the groups stayed as they were", () => {
  const before = root();
  const edited = tree.replaced(before, "b", (one) => ({ ...one, value: ["z"] }));
  assert.deepEqual(tree.changedRules(before, before), []);
  assert.deepEqual(tree.changedRules(before, edited), [leaf("b", { value: ["z"] })]);
  const both = tree.replaced(edited, "a", (one) => ({ ...one, muted: true }));
  assert.deepEqual(tree.changedRules(before, both).map((one) => one.id), ["a", "b"]);
});

test("where a group changed, or what is in it, nothing is told apart: all is painted anew", () => {
  const before = root();
  const others = [
    tree.replaced(before, "g", (one) => tree.matching(one, "all")),
    tree.replaced(before, "g", (one) => tree.matching(one, "none")),
    tree.muted(before, "g"),
    tree.added(before, "g", leaf("c")),
    tree.removed(before, "b"),
    tree.moved(before, "a", 1),
    tree.replaced(before, "a", () => ({ id: "a", combinator: "and", rules: [] })),
    { ...before, id: "another" },
  ];
  for (const after of others) assert.equal(tree.changedRules(before, after), undefined);
});

test("a copy stands after the original, with ids of its own all the way down", () => {
  const copied = tree.cloned(root(), "g");
  assert.equal(copied.rules.length, 3);
  assert.notEqual(copied.rules[2].id, "g");
  assert.notEqual(copied.rules[2].rules[0].id, "b");
  assert.deepEqual(copied.rules[2].rules[0].value, ["a"]);
});

test("rules move among their siblings and stop at the ends", () => {
  assert.deepEqual(tree.moved(root(), "g", -1).rules.map((one) => one.id), ["g", "a"]);
  assert.deepEqual(tree.moved(root(), "g", 1).rules.map((one) => one.id), ["a", "g"]);
});

test("none is the denial of any, and going back leaves no trace", () => {
  const none = tree.matching(root(), "none");
  assert.deepEqual([none.combinator, none.not], ["or", true]);
  assert.equal(tree.matchOf(none), "none");
  assert.ok(!("not" in tree.matching(none, "all")));
  assert.equal(tree.matchOf({ combinator: "and", not: true }), "notAll");
});

test("muting twice is nothing", () => {
  assert.deepEqual(tree.muted(tree.muted(root(), "a"), "a"), root());
});

test("a range with an open end is an ordinary comparison", () => {
  const rule = leaf("a", { operator: "between", value: null });
  assert.deepEqual(tree.ranged(rule, 10, null), { ...rule, operator: ">=", value: 10 });
  assert.deepEqual(tree.ranged(rule, null, 20), { ...rule, operator: "<=", value: 20 });
  assert.deepEqual(tree.ranged(rule, 10, 20), { ...rule, operator: "between", value: [10, 20] });
  assert.deepEqual(tree.rangeOf(tree.ranged(rule, 10, null)), [10, null]);
});

test("dates have no >= and <=: a range of them is before, after or between", () => {
  const rule = leaf("a", { operator: "between", value: null });
  assert.deepEqual(tree.rangedDays(rule, "2024-02-01", null), { ...rule, operator: "after", value: "2024-01-31" });
  assert.deepEqual(tree.rangedDays(rule, null, "2024-02-28"), { ...rule, operator: "before", value: "2024-02-29" });
  assert.deepEqual(tree.daysRangeOf(tree.rangedDays(rule, "2024-02-01", null)), ["2024-02-01", null]);
});

test("what asks nothing yet is unfinished", () => {
  assert.ok(tree.isUnfinished(leaf("a", { value: [] })));
  assert.ok(tree.isUnfinished(leaf("a", { operator: "between", value: [1, null] })));
  assert.ok(tree.isUnfinished({ id: "g", rules: [leaf("a", { value: "" })] }));
  assert.ok(!tree.isUnfinished(leaf("a", { operator: "null", value: null })));
  assert.ok(!tree.isUnfinished(leaf("a", { value: false })));
});

test("a drag is one step of history", () => {
  let story = past.history(1);
  story = past.done(story, 2);
  story = past.done(story, 3, true);
  story = past.done(story, 4, true);
  assert.equal(past.undone(story).present, 1);
  assert.equal(past.redone(past.undone(story)).present, 4);
  assert.equal(past.done(past.undone(story), 9).future.length, 0);
  assert.equal(past.undone(past.history(1)).present, 1);
});

test("one question is under way, the latest wins, and each is followed by an empty message", () => {
  const sent = [];
  const timers = [];
  const road = lane((message) => sent.push(message), (act, ms) => timers.push([act, ms]));
  road.ask("one");
  road.ask("two");
  road.ask("three");
  assert.deepEqual(sent, [{ t: "count", seq: 1, tree: "one" }]);
  assert.equal(timers[0][1], 3);
  timers[0][0]();
  assert.deepEqual(sent.at(-1), { t: "nudge" });
  assert.equal(road.isCurrent(1), false);
  assert.equal(road.counted(1), false);
  assert.deepEqual(sent.at(-1), { t: "count", seq: 2, tree: "three" });
  assert.equal(road.counted(2), true);
  assert.equal(road.isCurrent(2), true);
  assert.equal(road.isBusy, false);
});

const bins = { lowest: 0, step: 10, count: 20, isWhole: false };

test("handles and values agree; whole numbers end before the edge", () => {
  assert.deepEqual(scale.rangeAt(bins, 3, 7), [30, 70]);
  assert.deepEqual(scale.rangeAt(bins, 0, 20), [null, null]);
  const whole = { ...bins, isWhole: true };
  assert.deepEqual(scale.rangeAt(whole, 3, 7), [30, 69]);
  assert.deepEqual(scale.placesOf(whole, [30, 69]), [3, 7]);
  assert.deepEqual(scale.placesOf(bins, [null, 1e9]), [0, 20]);
});

test("handles do not pass each other, nor leave the chart", () => {
  assert.deepEqual(scale.dragged(bins, "low", [3, 7], 3, 12), [6, 7]);
  assert.deepEqual(scale.dragged(bins, "high", [3, 7], 7, -4), [3, 4]);
  assert.deepEqual(scale.dragged(bins, "both", [3, 7], 5, 50), [16, 20]);
  assert.deepEqual(scale.dragged(bins, "new", [0, 20], 4.2, 8.7), [4, 9]);
  assert.deepEqual(scale.nudged(bins, "low", [3, 7], "End"), [6, 7]);
  assert.deepEqual(scale.nudged(bins, "high", [3, 7], "PageUp"), [3, 12]);
  assert.equal(scale.nudged(bins, "low", [3, 7], "a"), undefined);
});

test("arrows walk over a chart's marks and stop at the ends", () => {
  assert.equal(marks.nextMark(-1, 3, "ArrowRight"), 0);
  assert.equal(marks.nextMark(-1, 3, "ArrowLeft"), 2);
  assert.equal(marks.nextMark(2, 3, "ArrowRight"), 2);
  assert.equal(marks.nextMark(1, 3, "Home"), 0);
  assert.equal(marks.nextMark(0, 3, "End"), 2);
  assert.equal(marks.nextMark(1, 3, "Tab"), 1);
  assert.equal(marks.nextMark(-1, 0, "End"), -1);
});

test("a rule about behaviour asks another thing of the same elements", () => {
  const often = { id: "a", field: "items", match: { mode: "atLeast", threshold: 2 }, value: { rules: [1] }, timeframe: { mode: "any_time" } };
  const sum = tree.inForm(often, "sum", "net_revenue");
  assert.deepEqual(sum, { id: "a", field: "items", timeframe: { mode: "any_time" }, where: { rules: [1] },
    aggregate: { measure: "sum", of: "net_revenue" }, operator: ">=", value: 1 });
  assert.equal(tree.formOf(sum), "sum");
  assert.deepEqual(tree.inForm({ ...sum, value: 50 }, "max"), { ...sum, value: 50, aggregate: { measure: "max", of: "net_revenue" } });
  const first = tree.inForm(sum, "first");
  assert.deepEqual(first, { id: "a", field: "items", timeframe: { mode: "any_time" }, value: { rules: [1] }, firstTime: true });
  assert.deepEqual(tree.inForm(first, "atLeast").match, { mode: "atLeast", threshold: 1 });
  assert.equal(tree.formOf(tree.inForm(often, "none")), "none");
});

const SHOES = { combinator: "and", rules: [{ field: "category", operator: "in", value: ["shoes"] }] };
const THINGS = {
  views: { of: "category", alike: [["product_id", "product"], ["category", "category"]] },
  items: { of: "category", alike: [["order_id", "order"], ["product_id", "product"], ["category", "category"]] },
  orders: { of: null, alike: [["order_id", "order"]] },
};
const thing = (name) => THINGS[name];
const viewedThenBought = () => ({
  id: "a", field: "views", timeframe: { mode: "any_time" },
  sequence: { steps: [{ value: SHOES }, { field: "items", within: { quantity: 14, unit: "day" } }], same: ["product_id"] },
});

test("a thing that happened becomes an order of two, and what was chosen in it is in the first", () => {
  const often = { id: "a", field: "views", match: { mode: "atLeast", threshold: 2 }, value: SHOES, timeframe: { mode: "any_time" } };
  const ordered = tree.inForm(often, "sequence");
  assert.deepEqual(ordered, { id: "a", field: "views", timeframe: { mode: "any_time" },
    sequence: { steps: [{ field: "views", value: SHOES }, { field: "views" }] } });
  assert.equal(tree.formOf(ordered), "sequence");
  assert.deepEqual(tree.inForm(ordered, "first"), { id: "a", field: "views", timeframe: { mode: "any_time" }, value: SHOES, firstTime: true });
});

test("steps are added up to five, after what the last one was about", () => {
  let rule = viewedThenBought();
  for (let more = 0; more < 4; more += 1) rule = steps.stepAdded(rule, thing);
  assert.deepEqual(rule.sequence.steps.map((one) => one.field), ["views", "items", "items", "items", "items"]);
});

test("without its first step the second begins, which follows nothing", () => {
  const three = steps.withStep(steps.stepAdded(viewedThenBought(), thing), 1, (one) => ({ ...one, negate: true }), thing);
  const rule = steps.stepRemoved(three, 0, thing);
  assert.deepEqual(rule.sequence.steps, [{ field: "items" }, { field: "items" }]);
  assert.equal(rule.field, "items");
});

test("what is left of two steps is a thing that happened", () => {
  assert.deepEqual(steps.stepRemoved(viewedThenBought(), 1, thing),
    { id: "a", field: "views", timeframe: { mode: "any_time" }, value: SHOES, match: { mode: "atLeast", threshold: 1 } });
});

test("a step about something else keeps its categories where there are any, and the same product while all have one", () => {
  const rule = viewedThenBought();
  const bought = steps.withStep(rule, 0, (one) => steps.stepAbout(one, "items", thing), thing);
  assert.deepEqual([bought.field, bought.sequence.steps[0].value, bought.sequence.same], ["items", SHOES, ["product_id"]]);
  const ordered = steps.withStep(rule, 0, (one) => steps.stepAbout(one, "orders", thing), thing);
  assert.deepEqual([ordered.field, ordered.sequence.steps[0].value, ordered.sequence.same], ["orders", undefined, undefined]);
  assert.deepEqual(steps.alikeIn(steps.stepsOf(rule), thing), [["product_id", "product"], ["category", "category"]]);
});

test("steps that the editor cannot show whole stay a sentence", () => {
  const plain = (group) => (group?.rules ?? []).length < 2;
  const units = [["day", "days"]];
  const shows = (rule) => steps.arePlainSteps(rule, thing, plain, units);
  assert.ok(shows(viewedThenBought()));
  const rule = viewedThenBought();
  assert.ok(!shows({ ...rule, sequence: { ...rule.sequence, same: ["product_id", "category"] } }));
  assert.ok(!shows({ ...rule, sequence: { ...rule.sequence, same: ["order_id"] } }));
  assert.ok(!shows(steps.withStep(rule, 0, (one) => ({ ...one, value: { rules: [1, 2] } }), thing)));
  assert.ok(!shows(steps.withStep(rule, 1, (one) => ({ ...one, within: { quantity: 2, unit: "quarter" } }), thing)));
  assert.ok(!shows(steps.withStep(rule, 1, (one) => ({ ...one, field: "visits" }), thing)));
});
