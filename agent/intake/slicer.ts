import type { Sealer } from '../../shared/envelope/seal.ts';
import {
  printSlice,
  sliceLimits,
  type Manifest,
  type SliceHead,
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
const maxSliceChars = 1024 * 1024;

export function createSlicer(deps: {
  readonly head: Omit<SliceHead, 'slice'>;
  readonly compress: Sealer['compress'];
}): Slicer {
  const cutSlices: CutSlice[] = [];
  let records: SliceRecord[] = [];
  let chars = 0;
  let count = 0;

  const cut = (manifest: Manifest | null): void => {
    count += 1;
    const slice = count;
    const taken = records;
    records = [];
    chars = 0;
    const plaintext = printSlice({ head: { ...deps.head, slice }, records: taken, manifest });
    const compressing = deps.compress(plaintext);
    // Met where the slice is sealed; an aborted export never seals it.
    compressing.catch(() => undefined);
    cutSlices.push({
      seal: async () => ({
        slice,
        records: taken.length,
        firstRecord: taken[0]?.record ?? 0,
        lastRecord: taken.at(-1)?.record ?? 0,
        compressed: await compressing,
      }),
    });
  };

  return {
    add: (record) => {
      // Cut before the record that does not fit, so that the last slice never is a manifest alone.
      if (records.length >= sliceLimits.records || (records.length > 0 && chars > maxSliceChars)) cut(null);
      records.push(record);
      chars += record.body.length;
    },
    take: () => cutSlices.shift(),
    waiting: () => cutSlices.length,
    end: (manifest) => {
      cut({ slices: count + 1, ...manifest });
      return count;
    },
  };
}
