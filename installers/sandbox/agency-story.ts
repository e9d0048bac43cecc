import { withStore } from '../../receiver/commands/command.ts';
import { fileFacts, overviewOf, type DestinationOverview } from '../../receiver/forward/overview.ts';
import { loadConfig } from '../../receiver/config.ts';
import type { SandboxTerminalText } from '../../shared/i18n/terminal-sandbox.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';

/** What changed at a destination between two looks, as lines for a person. */
export interface Told {
  readonly line: SandboxTerminalText;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type Stand = Pick<DestinationOverview, 'breaker' | 'code' | 'counts'>;

const atRest: Stand = {
  ...{ breaker: 'closed', code: null },
  counts: { waiting: 0, sending: 0, sent: 0, acknowledged: 0, refused: 0, dead: 0 },
};

/** Remembers the last look: each thing is told once. */
export function createStory(): { tell(stand: Stand): readonly Told[] } {
  let before = atRest;
  let troubled = false;
  return {
    tell: (now) => {
      const told: Told[] = [];
      const waiting = now.counts.waiting + now.counts.sending;
      const say = (line: SandboxTerminalText, facts: Told['facts'] = {}): void =>
        void told.push({ line, facts });
      if (now.counts.refused > 0 && before.counts.refused === 0) say('storyRefused');
      if (now.code !== null && before.code === null) say('storyFault', { code: now.code, waiting });
      if (now.code !== null) troubled = true;
      const isOpen = now.breaker !== 'closed';
      if (isOpen && before.breaker === 'closed') say('storyOpen');
      else if (isOpen && waiting !== before.counts.waiting + before.counts.sending)
        say('storyWaiting', { waiting });
      if (!isOpen && before.breaker !== 'closed') say('storyBack', { waiting });
      if (troubled && now.code === null && waiting === 0) {
        say('storyDrained', { delivered: now.counts.sent + now.counts.acknowledged });
        troubled = false;
      }
      before = now;
      return told;
    },
  };
}

const lookMs = 500;

/** Looks at how a destination of the running region stands, and tells what changes, until the signal. */
export async function followDestination(
  receiverConfig: string,
  destination: string,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Promise<void> {
  const config = await loadConfig(receiverConfig);
  const files = await fileFacts(config, systemClock);
  const story = createStory();
  while (!signal.aborted) {
    const found = await withStore(config, (store) =>
      store.read((tx) => overviewOf(tx, config, files, systemClock.now())),
    );
    const stand = found.destinations.find(({ name }) => name === destination);
    if (stand !== undefined) for (const told of story.tell(stand)) tell(told);
    await pause(lookMs, signal);
  }
}
