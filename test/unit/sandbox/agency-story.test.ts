import { describe, expect, it } from 'vitest';
import { createStory, type Stand } from '../../../installers/sandbox/agency-story.ts';

const none = { waiting: 0, sending: 0, sent: 0, acknowledged: 0, refused: 0, dead: 0 };
const stand = (
  counts: Partial<Stand['counts']>,
  breaker: Stand['breaker'] = 'closed',
  code: string | null = null,
): Stand => ({ breaker, code, counts: { ...none, ...counts } });

function lines(...stands: readonly Stand[]): readonly (readonly string[])[] {
  const story = createStory();
  return stands.map((each) => story.tell(each).map(({ line }) => line));
}

describe('the story of a destination', () => {
  it('tells an outage from its first fault to the empty queue, each thing once', () => {
    const down = 'delivery-unavailable';
    expect(
      lines(
        stand({ sent: 1 }),
        stand({ sent: 1, waiting: 2 }, 'closed', down),
        stand({ sent: 1, waiting: 2 }, 'closed', down),
        stand({ sent: 1, waiting: 2 }, 'open', down),
        stand({ sent: 1, waiting: 3 }, 'half-open', down),
        stand({ sent: 1, waiting: 3 }, 'open', down),
        stand({ sent: 2, waiting: 2 }),
        stand({ sent: 4 }),
        stand({ sent: 5 }),
      ),
    ).toEqual([
      ...[[], ['storyFault'], [], ['storyOpen'], ['storyWaiting'], [], ['storyBack'], ['storyDrained'], []],
    ]);
  });

  it('tells the first refusal, and not each one', () => {
    expect(lines(stand({ refused: 1 }), stand({ refused: 2 }))).toEqual([['storyRefused'], []]);
  });

  it('says nothing while all is well', () => {
    expect(lines(stand({ waiting: 1 }), stand({ sending: 1 }), stand({ sent: 1 }))).toEqual([[], [], []]);
  });
});
