import { pause } from '../../shared/runtime/lifecycle.ts';

/**
 * Tells the long polls of an agent that receipts are there. Only a hint, held in memory: polls also look at the store
 * each second, so that another process may write receipts as well.
 */
export interface ReceiptBoard {
  announce(agents: Iterable<string>): void;
  /** How many announcements this agent has had. */
  count(agent: string): number;
  /** Resolves at the first announcement after `seen`, after `ms`, or when the signal fires. */
  wait(agent: string, seen: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createReceiptBoard(): ReceiptBoard {
  const counts = new Map<string, number>();
  const waiting = new Map<string, Set<AbortController>>();
  const count = (agent: string): number => counts.get(agent) ?? 0;
  return {
    count,
    announce: (agents) => {
      for (const agent of agents) {
        counts.set(agent, count(agent) + 1);
        for (const wake of waiting.get(agent) ?? []) wake.abort();
        waiting.delete(agent);
      }
    },
    wait: async (agent, seen, ms, signal) => {
      if (count(agent) !== seen) return;
      const wake = new AbortController();
      const ofAgent = waiting.get(agent) ?? new Set();
      waiting.set(agent, ofAgent.add(wake));
      await pause(ms, AbortSignal.any([wake.signal, signal]));
      ofAgent.delete(wake);
      if (ofAgent.size === 0 && waiting.get(agent) === ofAgent) waiting.delete(agent);
    },
  };
}
