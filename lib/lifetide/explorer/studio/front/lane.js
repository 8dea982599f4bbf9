// Questions to the kernel: one under way at most, the latest wins. No page is needed; `send` and `later` are given.

/**
 * A lane sends `ask(tree)` at once when nothing is under way, else when the answer is there, and then the newest
 * alone. A second, empty message follows 3 ms later: it carries the ACK without which Nagle's algorithm and delayed
 * acknowledgement hold the answer back for 40 ms.
 */
export function lane(send, later) {
  let sequence = 0;
  let underWay = 0;
  let waiting;
  const go = (tree) => {
    sequence += 1;
    underWay = sequence;
    waiting = undefined;
    send({ t: "count", seq: sequence, tree });
    later(() => send({ t: "nudge" }), 3);
  };
  return {
    ask(tree) {
      if (underWay) waiting = tree;
      else go(tree);
    },
    /** A count came: true where it answers the newest question. */
    counted(seq) {
      if (seq !== underWay) return false;
      underWay = 0;
      if (waiting === undefined) return true;
      go(waiting);
      return false;
    },
    /** Details are wanted only while nothing newer was asked. */
    isCurrent: (seq) => seq === sequence && waiting === undefined,
    /** The kernel went away: what was under way will never be answered. */
    reset() {
      underWay = 0;
      waiting = undefined;
    },
    get isBusy() {
      return underWay !== 0;
    },
  };
}
