import type { Sealer } from '../../shared/envelope/seal.ts';
import {
  beginSlice,
  sliceLimits,
  type Manifest,
  type SliceHead,
  type SlicePrint,
  type SliceRecord,
} from '../../shared/protocol/slice.ts';
import type { SlicePart } from './staging.ts';

/** A cut slice: compression starts at once, on the threadpool, while reading goes on. */
export interface CutSlice {
  seal(): Promise<SlicePart>;
}

/** Cuts the records of one export into slices. */
export interface Slicer {
  add(record: SliceRecord): void;
  /** Slices cut since the last call, in order. */
  take(): CutSlice | undefined;
  /** How many are cut and not taken. */
  waiting(): number;
  /** Cuts the last one, with the manifest. Answers how many slices there are. */
  end(manifest: Omit<Manifest, 'slices'>): number;
}

/** Far below the envelope's bound even when nothing compresses. */
const maxSliceBytes = 1024 * 1024;
/** Room for a full slice of ordinary records. */
const memoryBytes = 512 * 1024;

/** Memory of slices that are compressed, for the next ones. */
const spare: Buffer[] = [];
const sparesKept = 4;

interface Cutting {
  readonly print: SlicePrint;
  readonly memory: Buffer;
  readonly slice: number;
  records: number;
  firstRecord: number;
  lastRecord: number;
}

export function createSlicer(deps: {
  readonly head: Omit<SliceHead, 'slice'>;
  readonly compress: Sealer['compress'];
}): Slicer {
  const cutSlices: CutSlice[] = [];
  let count = 0;
  let open: Cutting | undefined;

  const begin = (): Cutting => {
    count += 1;
    const memory = spare.pop() ?? Buffer.allocUnsafe(memoryBytes);
    const print = beginSlice({ ...deps.head, slice: count }, memory);
    return { print, memory, slice: count, records: 0, firstRecord: 0, lastRecord: 0 };
  };
  const cut = ({ print, memory, ...counts }: Cutting, manifest: Manifest | null): void => {
    const compressing = deps.compress(print.end(manifest)).finally(() => {
      if (spare.length < sparesKept) spare.push(memory);
    });
    // Met where the slice is sealed; an aborted export never seals it.
    compressing.catch(() => undefined);
    cutSlices.push({ seal: async () => ({ ...counts, compressed: await compressing }) });
  };

  return {
    add: (record) => {
      // Cut before the record that does not fit, so that the last slice never is a manifest alone.
      if (open !== undefined && (open.records >= sliceLimits.records || open.print.bytes() > maxSliceBytes)) {
        cut(open, null);
        open = undefined;
      }
      open ??= begin();
      open.print.add(record);
      if (open.records === 0) open.firstRecord = record.record;
      open.lastRecord = record.record;
      open.records += 1;
    },
    take: () => cutSlices.shift(),
    waiting: () => cutSlices.length,
    end: (manifest) => {
      cut(open ?? begin(), { slices: count, ...manifest });
      open = undefined;
      return count;
    },
  };
}
