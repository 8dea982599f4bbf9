// The desk: state of the page and what can be done with it. Controls and panels know the desk and nothing else.

import { count } from "./format.js";
import { done, history, redone, undone } from "./history.js";
import { lane } from "./lane.js";
import { found, newId, replaced, withIds } from "./tree.js";

const PATIENCE = 8000;
const inexact = { exact: undefined, inexact: undefined, isCounting: undefined };
const SILENT = "No answer from the kernel: it is busy, or gone. Run the cell again if it is gone.";

export function makeDesk(model, popovers, paint) {
  const facts = model.get("facts");
  const byName = new Map(facts.fields.map((field) => [field.name, field]));
  const bases = new Map(Object.entries(facts.bases));
  const asked = new Set();
  let story = history(withIds(model.get("draft")));
  let told = { ...model.get("first"), of: facts.of };
  let isSaved = model.get("is_saved");
  let trouble = "";
  const painters = new Map();
  const paints = (id, act) => painters.set(id, [...(painters.get(id) ?? []), act]);
  let silence;
  const say = (message) => {
    try {
      model.send(message);
    } catch {
      setTimeout(() => answers.failed({ text: SILENT }), 0);
    }
  };
  const road = lane(say, (act, ms) => setTimeout(act, ms));

  const desk = {
    token: `lifetide-${model.get("token")}`, fields: facts.fields, symbol: facts.symbol, measures: facts.measures, everyone: facts.everyone,
    source: facts.source, starters: facts.starters,
    get tree() { return story.present; },
    get told() { return told; },
    get name() { return model.get("name"); },
    get key() { return model.get("key"); },
    get saved() { return model.get("saved"); },
    state: () => ({ isSaved, trouble, isNew: !model.get("key") && !story.present.rules.length, canUndo: story.past.length > 0, canRedo: story.future.length > 0 }),
    field: (name) => byName.get(name),
    ruleOf: (id) => found(story.present, id),
    facetOf: (id) => told.rules?.[id]?.facet,

    // What controls draw with
    baseOf(field) {
      const base = bases.get(field.name);
      if (!base && !asked.has(field.name)) {
        asked.add(field.name);
        say({ t: "field", name: field.name });
      }
      return base;
    },
    wordsOf: (field) => desk.baseOf(field)?.words,
    words: (name) => bases.get(name)?.words,
    paints: (id, act) => paints(id, () => act(told.rules?.[id]?.facet)),
    paintsShare: (id, act) => paints(id, () => act(told.rules?.[id], told.of, told.n)),
    paintsText: (id, act) => paints(id, () => act(told.rules?.[id]?.said)),
    repainted: (id) => (id ? painters.delete(id) : painters.clear()),
    paintDetails: (id) => (id ? painters.get(id) ?? [] : [...painters.values()].flat()).forEach((act) => act()),

    // What can be done
    change(make, { joins = false, keepOpen = false, isLive = false, focus } = {}) {
      const next = make(story.present);
      if (next === story.present) return;
      story = done(story, next, joins);
      trouble = "";
      moved({ keepOpen, isLive, focus });
    },
    edit: (id, make, how) => desk.change((tree) => replaced(tree, id, make), how),
    addRule(rule) {
      const tree = story.present;
      const isPlain = tree.combinator === "and" && !tree.not;
      const node = { id: newId("r"), ...rule };
      desk.change(() => (isPlain
        ? { ...tree, rules: [...tree.rules, node] }
        : { id: newId("g"), combinator: "and", rules: [tree, node] }), { focus: `${node.id}:field` });
    },
    /** The rest of what is to be shown, where the first message held the count alone. */
    catchUp: () => !told.stats && road.ask(story.present),
    undo: () => travel(undone(story)),
    redo: () => travel(redone(story)),
    dragging(now) {
      paint.dragging(now);
      if (!now) paint.rules({ keepOpen: false });
    },
    rename(name) {
      model.set("name", name);
      isSaved = false;
      trouble = "";
      model.save_changes();
      paint.head();
    },
    save: () => say({ t: "save", tree: story.present, name: model.get("name") }),
    open: (key) => say({ t: "open", key }),
    page: (asked) => {
      say({ t: "page", tree: story.present, ...asked });
      setTimeout(() => say({ t: "nudge" }), 3);
    },
    copyAs: (form) => say({ t: "copy", form, tree: story.present, name: model.get("name") }),
    popover: (key, label, content, how) => popovers.show(() => paint.byKey(key), label, content, how),
    close: () => popovers.close(),
  };

  function travel(next) {
    if (next === story) return;
    story = next;
    moved({});
  }

  function moved(how) {
    isSaved = false;
    road.ask(story.present); // first: the kernel counts while the page is painted
    if (!how.isLive) paint.rules(how);
    paint.head();
    clearTimeout(silence);
    silence = setTimeout(() => road.isBusy && answers.failed({ text: SILENT }), PATIENCE);
  }

  const answers = {
    count(message) {
      const isNewest = message.isLate ? road.isCurrent(message.seq) : road.counted(message.seq);
      if (message.isLate && !isNewest) return;
      told = { ...told, wait: undefined, interval: undefined, ...inexact, ...message };
      paint.count();
      if (isNewest) paint.anew();
    },
    /** Everybody was counted, or could not be; a question under way brings its own. */
    exact({ t: _, ...found }) {
      if (road.isBusy) return;
      told = { ...told, ...inexact, ...found };
      paint.count();
      paint.announce(found.exact ? `exactly ${count(found.exact.n)} customers` : found.inexact ?? "");
    },
    detail(message) {
      if (!road.isCurrent(message.seq)) return;
      told = { ...told, ...message };
      paint.detail();
      paint.announce(`${count(told.n)} customers`);
    },
    field(message) {
      bases.set(message.name, message.base);
      paint.rules({ keepOpen: true, isAnew: true });
    },
    page: (message) => paint.page(message),
    copied: (message) => paint.taken(message),
    saved() {
      isSaved = true;
      trouble = "";
      paint.head();
      paint.announce("Saved");
    },
    failed(message) {
      trouble = message.text;
      road.reset();
      paint.head();
      paint.announce(message.text);
    },
  };
  const listen = (message) => answers[message.t]?.(message);
  const turned = () => {
    story = done(story, withIds(model.get("draft")));
    isSaved = model.get("is_saved");
    trouble = "";
    told = { ...model.get("first") };
    paint.all();
    paint.anew();
    desk.catchUp();
  };
  const listed = () => {
    const own = model.get("saved");
    const field = byName.get("audience");
    if (field) bases.set("audience", audienceBase(own));
    paint.below();
    paint.head();
  };
  model.on("msg:custom", listen);
  model.on("change:turn", turned);
  model.on("change:saved", listed);
  bases.set("audience", audienceBase(model.get("saved")));
  desk.stop = () => {
    clearTimeout(silence);
    model.off("msg:custom", listen);
    model.off("change:turn", turned);
    model.off("change:saved", listed);
    popovers.close();
  };
  return desk;
}

function audienceBase(saved) {
  const words = saved.map((one, place) => ({ value: one.key, label: one.name, place }));
  return { words, all: saved.map((one) => one.n ?? 0) };
}

