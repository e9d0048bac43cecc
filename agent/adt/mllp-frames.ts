/** A whole message out of its frame; or the beginning of one that is longer than allowed, once its end has come. */
export type Frame =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  | { readonly kind: 'too-large'; readonly head: Buffer };

/** MLLP: VT, the message, FS, CR; on bytes, before any of them is read as text. What stands between frames is passed over. */
export interface FrameCutter {
  /** Throws `RangeError` when a sender goes on far past the limit, or says much outside of any frame. */
  cut(chunk: Buffer): readonly Frame[];
  /** A message has begun and not ended. */
  isOpen(): boolean;
}

const startByte = 0x0b;
const endByte = 0x1c;
const carriageReturn = 0x0d;
/** A message too long is heard to its end, so that it can be answered: but not for ever. */
const patience = 16;
const noiseBytes = 65_536;

export function createFrameCutter(messageBytes: number): FrameCutter {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let seenBytes = 0;
  let noise = 0;
  let open = false;
  /** FS has come, and its CR has not. */
  let ending = false;

  const begin = (): void => {
    noise = 0;
    open = true;
    ending = false;
    kept = [];
    keptBytes = 0;
    seenBytes = 0;
  };
  const keep = (part: Buffer): void => {
    seenBytes += part.length;
    if (seenBytes > messageBytes * patience) throw new RangeError('message without end');
    const room = Math.min(part.length, messageBytes - keptBytes);
    if (room <= 0) return;
    // The socket's memory is used again: what is kept is a copy.
    kept.push(Buffer.from(part.subarray(0, room)));
    keptBytes += room;
  };
  const finish = (): Frame => {
    const bytes = Buffer.concat(kept);
    open = false;
    ending = false;
    kept = [];
    return seenBytes > messageBytes ? { kind: 'too-large', head: bytes } : { kind: 'message', bytes };
  };

  return {
    isOpen: () => open,
    cut: (chunk) => {
      const frames: Frame[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (ending) {
          // FS inside a message is text, whatever the standard says of it, unless CR follows.
          if (chunk[at] === carriageReturn) {
            at += 1;
            frames.push(finish());
          } else {
            ending = false;
            keep(Buffer.from([endByte]));
          }
        } else if (open) {
          const end = chunk.indexOf(endByte, at);
          keep(chunk.subarray(at, end === -1 ? chunk.length : end));
          ending = end !== -1;
          at = end === -1 ? chunk.length : end + 1;
        } else {
          const start = chunk.indexOf(startByte, at);
          noise += (start === -1 ? chunk.length : start) - at;
          if (noise > noiseBytes) throw new RangeError('no frame');
          if (start !== -1) begin();
          at = start === -1 ? chunk.length : start + 1;
        }
      }
      return frames;
    },
  };
}
