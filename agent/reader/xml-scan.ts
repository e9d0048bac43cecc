/**
 * Looks at XML text just ahead of the parser, for what the parser reports too late or not at all: a bare `&` (saxes only
 * notices at the next `;`, perhaps forty records on), a DOCTYPE, and comments or CDATA without end. It forwards the text
 * unchanged, in order, stopping exactly before what it refuses, so that the parser's position is the fault's.
 */
export type Refusal = 'xml-bare-ampersand' | 'doctype-refused' | 'xml-text-too-long';

export interface XmlScan {
  write(piece: string): void;
  /** Forwards what was held back at the end of the last piece. */
  end(): void;
}

interface Section {
  readonly close: string;
  readonly maxChars: number;
}

export function createXmlScan(options: {
  readonly fieldChars: number;
  readonly recordChars: number;
  forward(text: string): void;
  /** Must throw. */
  refuse(refusal: Refusal): never;
}): XmlScan {
  const forward = (text: string): void => options.forward(text);
  const comment: Section = { close: '-->', maxChars: options.recordChars };
  const instruction: Section = { close: '?>', maxChars: options.recordChars };
  const cdata: Section = { close: ']]>', maxChars: options.fieldChars };

  let held = '';
  let section: Section | undefined;
  let sectionChars = 0;

  /** Forwards data up to `at` and keeps the rest for the next piece. */
  const hold = (data: string, at: number): void => {
    held = data.slice(at);
    if (at > 0) forward(data.slice(0, at));
  };

  const refuseAt = (data: string, at: number, refusal: Refusal): never => {
    if (at > 0) forward(data.slice(0, at));
    return options.refuse(refusal);
  };

  /** Past the end of the section; -1 when the data ends first (the possible start of its closing mark is held back). */
  const leave = (data: string, at: number, { close, maxChars }: Section): number => {
    const end = data.indexOf(close, at);
    const stop = end < 0 ? Math.max(at, data.length - close.length + 1) : end;
    sectionChars += stop - at;
    if (sectionChars > maxChars) refuseAt(data, at, 'xml-text-too-long');
    if (end < 0) {
      hold(data, stop);
      return -1;
    }
    section = undefined;
    return end + close.length;
  };

  const enter = (next: Section): void => {
    section = next;
    sectionChars = 0;
  };

  /** Past the mark that starts at `at`; -1 when more text is needed to know what it is. */
  const pass = (data: string, at: number): number => {
    if (data[at] === '&') {
      reference.lastIndex = at;
      if (reference.test(data)) return reference.lastIndex;
      if (!unfinishedReference.test(data.slice(at, at + 40))) return refuseAt(data, at, 'xml-bare-ampersand');
    } else {
      const start = data.slice(at, at + doctypeMark.length).toUpperCase();
      if (start.startsWith('<?')) {
        enter(instruction);
        return at + 2;
      }
      if (start.startsWith('<!--')) {
        enter(comment);
        return at + 4;
      }
      if (start === cdataMark) {
        enter(cdata);
        return at + cdataMark.length;
      }
      if (start === doctypeMark) return refuseAt(data, at, 'doctype-refused');
      // Anything else that starts with `<!` is not XML: the parser says so.
      if (![cdataMark, doctypeMark, '<!--'].some((mark) => mark.startsWith(start))) return at + 2;
    }
    hold(data, at);
    return -1;
  };

  const scan = (data: string): void => {
    let at = 0;
    while (at < data.length) {
      if (section !== undefined) {
        at = leave(data, at, section);
      } else {
        special.lastIndex = at;
        const found = special.exec(data);
        if (found === null) break;
        at = pass(data, found.index);
      }
      if (at < 0) return;
    }
    forward(data);
  };

  return {
    write: (piece) => {
      const data = held + piece;
      held = '';
      if (data === '') return;
      // Nearly every piece of a real export holds none of these marks: three quick searches spare the scan.
      const plain =
        section === undefined &&
        !data.includes('&') &&
        !data.includes('!') &&
        !data.includes('?') &&
        !data.endsWith('<');
      if (plain) forward(data);
      else scan(data);
    },
    end: () => {
      if (held !== '') forward(held);
      held = '';
    },
  };
}

const cdataMark = '<![CDATA[';
const doctypeMark = '<!DOCTYPE';
const special = /&|<(?:[!?]|$)/g;
const reference = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z_][\w.-]{0,31});/iy;
const unfinishedReference = /^&(?:#\d{0,7}|#x[\da-f]{0,6}|[a-z_][\w.-]{0,31})?$/i;
