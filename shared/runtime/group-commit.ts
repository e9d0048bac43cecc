/**
 * Group commit: whatever queued while the last commit ran goes into the next one; no timers. `commit` must make the
 * whole group durable before it resolves, and answers one result per item, in order.
 */
export interface GroupCommit<Item, Result> {
  put(item: Item): Promise<Result>;
  /** Resolves when nothing is queued or being committed. */
  drained(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createGroupCommit<Item, Result>(options: {
  readonly maxItems: number;
  commit(items: readonly Item[]): Promise<readonly Result[]>;
}): GroupCommit<Item, Result> {
  let queue: Waiting<Item, Result>[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    // One turn of the event loop lets requests that are already here join the group.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const group = queue.slice(0, options.maxItems);
      queue = queue.slice(options.maxItems);
      try {
        const results = await options.commit(group.map((waiting) => waiting.item));
        group.forEach((waiting, index) => {
          waiting.resolve(results[index] as Result);
        });
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
  };

  return {
    put: (item) =>
      new Promise<Result>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= run().finally(() => {
          running = undefined;
        });
      }),
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}
