// Undo and redo: what was before, what came after. Pure.

const MOST = 200;

export function history(present) {
  return { past: [], present, future: [] };
}

/** A new present; `joins` says that it goes on with the last step (a drag, a word being typed). */
export function done(story, present, joins = false) {
  if (present === story.present) return story;
  const past = joins ? story.past : [...story.past, story.present].slice(-MOST);
  return { past, present, future: [] };
}

export function undone(story) {
  if (!story.past.length) return story;
  const past = story.past.slice(0, -1);
  return { past, present: story.past.at(-1), future: [story.present, ...story.future] };
}

export function redone(story) {
  if (!story.future.length) return story;
  const [present, ...future] = story.future;
  return { past: [...story.past, story.present], present, future };
}
