import { isUtf8 } from 'node:buffer';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { printAck } from '../reader/hl7v2/ack.ts';
import { decodeMessage } from '../reader/hl7v2/decode-message.ts';
import { defaultHl7Limits, type Hl7Message } from '../reader/hl7v2/parse.ts';
import type { AdtEvent, Refusal, RefusalCode } from './event.ts';
import type { Frame } from './mllp-frames.ts';
import type { Arrival } from './movement-store.ts';
import { readAdtText } from './read-adt.ts';

/**
 * A frame to its acknowledgement: AA when what it says is durable, AE when it is malformed (segment and field in ERR), AR
 * when it is no message for us; the last two are kept in the quarantine, durable as well. Rejects when nothing could be kept:
 * then no answer must go, so that the sender keeps the message and sends it again.
 */
export type AnswerFrame = (frame: Frame) => Promise<Buffer>;

export function createAnswer(deps: {
  readonly source: string;
  /** Setting of the source; else MSH-18 tells. */
  readonly encoding: string | undefined;
  readonly messageBytes: number;
  /** Resolves when it is durable. */
  put(arrival: Arrival): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
}): AnswerFrame {
  const limits = { ...defaultHl7Limits, messageChars: deps.messageBytes };

  const read = (frame: Frame): { text: string; message: Hl7Message | null; event: AdtEvent | Refusal } => {
    const bytes = frame.kind === 'message' ? frame.bytes : frame.head;
    const { text, unsupported } = decoded(bytes, deps.encoding);
    const { message, event } = readAdtText(text, limits);
    if (frame.kind === 'too-large') return { text, message, event: refusal('hl7-message-too-long', null) };
    return unsupported
      ? { text, message, event: refusal('encoding-unsupported', 18) }
      : { text, message, event };
  };

  return async (frame) => {
    const { text, message, event } = read(frame);
    await deps.put({ source: deps.source, text, event });
    crashPoint('before-adt-answer');
    const { clock, random } = deps;
    const ack =
      event.kind === 'refused'
        ? printAck(message, event.answer, { clock, random, error: event })
        : printAck(message, 'AA', { clock, random });
    const bytes = frame.kind === 'message' ? frame.bytes : frame.head;
    return Buffer.from(ack, isUtf8(bytes) ? 'utf8' : 'latin1');
  };
}

function decoded(bytes: Buffer, setting: string | undefined): { text: string; unsupported: boolean } {
  try {
    return { text: decodeMessage(bytes, setting), unsupported: false };
  } catch (error) {
    if (asFault(error).code !== 'encoding-unsupported') throw error;
    return { text: bytes.toString('latin1'), unsupported: true };
  }
}

function refusal(code: RefusalCode, field: number | null): Refusal {
  return { kind: 'refused', answer: 'AE', code, segment: 'MSH', field, controlId: '' };
}
