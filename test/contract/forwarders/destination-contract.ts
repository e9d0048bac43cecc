import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Destination, OutgoingFile } from '../../../receiver/forward/destination.ts';

/** One endpoint under test, seen from the agency's side. */
export interface Endpoint {
  readonly destination: Destination;
  /** Names there and their contents, as the agency would read them. */
  readonly received: () => Promise<ReadonlyMap<string, string>>;
  /** Puts a file there as if somebody else had. */
  readonly plant: (name: string, content: string) => Promise<void>;
  /** Makes the endpoint unreachable, and reachable again. */
  readonly cut: () => Promise<void>;
  readonly restore: () => Promise<void>;
}

export function outgoing(name: string, text: string): OutgoingFile {
  const content = Buffer.from(text);
  return { name, content, digest: createHash('sha256').update(content).digest('hex') };
}

const never = new AbortController().signal;

/** What every destination must do, whatever carries the files. */
export function describeDestination(kind: string, open: () => Promise<Endpoint>): void {
  describe(`${kind} as a destination`, () => {
    it('delivers every file under its name, whole', async () => {
      const { destination, received } = await open();
      const report = await destination.deliver([outgoing('a.xml', 'one'), outgoing('b.xml', 'two')], never);
      expect(report).toEqual({ delivered: 2, fault: undefined });
      expect(Object.fromEntries(await received())).toEqual({ 'a.xml': 'one', 'b.xml': 'two' });
    });

    it('takes a file that is already there, unchanged, for delivered', async () => {
      const { destination, received } = await open();
      await destination.deliver([outgoing('a.xml', 'one')], never);
      const again = [outgoing('a.xml', 'one'), outgoing('b.xml', 'two')];
      expect(await destination.deliver(again, never)).toEqual({ delivered: 2, fault: undefined });
      expect((await received()).size).toBe(2);
    });

    it('never overwrites another content under the same name, and stops there', async () => {
      const { destination, received, plant } = await open();
      await plant('b.xml', 'somebody else');
      const report = await destination.deliver(
        [outgoing('a.xml', 'one'), outgoing('b.xml', 'two'), outgoing('c.xml', 'three')],
        never,
      );
      expect(report).toMatchObject({
        delivered: 1,
        fault: { code: 'delivery-name-taken', class: 'permanent' },
      });
      expect(Object.fromEntries(await received())).toEqual({ 'a.xml': 'one', 'b.xml': 'somebody else' });
    });

    it('tells two contents of the same length apart', async () => {
      const { destination, plant } = await open();
      await plant('a.xml', 'eno');
      expect(await destination.deliver([outgoing('a.xml', 'one')], never)).toMatchObject({ delivered: 0 });
    });

    it('refuses a name that is a path', async () => {
      const { destination } = await open();
      for (const name of ['../a.xml', 'x/a.xml', '.hidden', '', 'a\0.xml'])
        expect(await destination.deliver([outgoing(name, 'one')], never)).toMatchObject({
          delivered: 0,
          fault: { code: 'delivery-name-unsafe' },
        });
    });

    it('says "try again" when it cannot be reached, and delivers once it can', async () => {
      const { destination, received, cut, restore } = await open();
      await cut();
      const files = [outgoing('a.xml', 'one')];
      expect(await destination.deliver(files, never)).toMatchObject({
        delivered: 0,
        fault: { class: 'transient' },
      });
      await restore();
      expect(await destination.deliver(files, never)).toEqual({ delivered: 1, fault: undefined });
      expect((await received()).get('a.xml')).toBe('one');
    });

    it('delivers nothing more once it is told to stop', async () => {
      const { destination, received } = await open();
      const report = await destination.deliver([outgoing('a.xml', 'one')], AbortSignal.abort());
      expect(report).toMatchObject({ delivered: 0, fault: { class: 'transient' } });
      expect((await received()).size).toBe(0);
    });
  });
}
