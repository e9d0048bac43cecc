import { permanent } from '../../../shared/runtime/errors.ts';
import { defaultHl7Limits, type Hl7Limits } from './parse.ts';
import { headerStart } from './separators.ts';

/** One message of an export, not yet parsed; or where one is that is too large to be kept. */
export type FoundMessage =
  | { readonly kind: 'message'; readonly line: number; readonly text: string }
  | { readonly kind: 'too-large'; readonly line: number; readonly code: 'hl7-message-too-long' };

const batchLine = /^(?:FHS|BHS|BTS|FTS)(?:[^\w\s]|$)/;

/**
 * An export's text → its messages, each with the 1-based line it starts at; CR, LF and CRLF end a line. Batch headers and trailers, blank lines and the
 * signs of MLLP frames are passed over. Holds one message at a time, never more than the limit of one.
 * Throws `hl7-header-missing` when something stands before the first message.
 */
export async function* readMessages(
  texts: AsyncIterable<string>,
  limits: Hl7Limits = defaultHl7Limits,
): AsyncGenerator<FoundMessage, void, undefined> {
  const collector = createCollector(limits);
  const lines = createLineCutter(limits.messageChars);
  for await (const piece of texts) {
    for (const line of lines.cut(piece)) {
      const finished = collector.take(line);
      if (finished !== undefined) yield finished;
    }
  }
  const last = lines.end();
  const beforeLast = last === undefined ? undefined : collector.take(last);
  if (beforeLast !== undefined) yield beforeLast;
  const rest = collector.end();
  if (rest !== undefined) yield rest;
}

interface Line {
  readonly number: number;
  /** Cut at the limit when `over`. */
  readonly text: string;
  readonly over: boolean;
}

interface LineCutter {
  cut(piece: string): Generator<Line, void, undefined>;
  end(): Line | undefined;
}

/** Lines over pieces; a CR at the end of one piece and an LF at the start of the next are one line end. */
function createLineCutter(limitChars: number): LineCutter {
  let number = 1;
  let held = '';
  let over = false;
  let afterCr = false;
  const hold = (text: string): void => {
    over ||= held.length + text.length > limitChars;
    held = over ? (held + text.slice(0, 4)).slice(0, 4) : held + text;
  };
  const finish = (): Line => {
    const line = { number, text: held, over };
    number += 1;
    held = '';
    over = false;
    return line;
  };
  return {
    cut: function* (piece) {
      let start = afterCr && piece.startsWith('\n') ? 1 : 0;
      if (piece !== '') afterCr = piece.endsWith('\r');
      const lineEnds = /\r\n?|\n/g;
      lineEnds.lastIndex = start;
      for (let end = lineEnds.exec(piece); end !== null; end = lineEnds.exec(piece)) {
        hold(piece.slice(start, end.index));
        start = end.index + end[0].length;
        yield finish();
      }
      hold(piece.slice(start));
    },
    end: () => (held === '' && !over ? undefined : finish()),
  };
}

interface Collector {
  /** The message that this line has ended, if it did. */
  take(line: Line): FoundMessage | undefined;
  end(): FoundMessage | undefined;
}

function createCollector(limits: Hl7Limits): Collector {
  let from = 0;
  let lines: string[] = [];
  let chars = 0;
  let over = false;
  const finish = (): FoundMessage | undefined => {
    if (from === 0) return undefined;
    return over
      ? { kind: 'too-large', line: from, code: 'hl7-message-too-long' }
      : { kind: 'message', line: from, text: lines.join('\r') };
  };
  const begin = (number: number): void => {
    from = number;
    lines = [];
    chars = 0;
    over = false;
  };
  const add = (text: string, tooLong: boolean): void => {
    chars += text.length + 1;
    // Lines that are nearly empty weigh more in memory than their characters say.
    over ||= tooLong || chars > limits.messageChars + 1 || lines.length > limits.segments;
    if (over) lines = [];
    else lines.push(text);
  };
  return {
    take: (line) => {
      const text = line.text.replaceAll('\u001c', '').replace(/^[\v\ufeff]+/, '');
      if (text.trim() === '' && !line.over) return undefined;
      if (headerStart.test(text)) {
        const finished = finish();
        begin(line.number);
        add(text, line.over);
        return finished;
      }
      if (batchLine.test(text)) {
        const finished = finish();
        from = 0;
        return finished;
      }
      if (from === 0) throw permanent('hl7-header-missing', { position: { line: line.number } });
      add(text, line.over);
      return undefined;
    },
    end: finish,
  };
}
