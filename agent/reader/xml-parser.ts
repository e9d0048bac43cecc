import { SaxesParser } from 'saxes';
import { permanent, type Fault } from '../../shared/runtime/errors.ts';
import type { ReadLimits } from './limits.ts';
import { createXmlScan } from './xml-scan.ts';

/**
 * Well-formed XML or a fault with its position; nothing else. No DOCTYPE, so no entity but the five of XML; bounded
 * depth and text. Attributes and namespaces are read and ignored.
 */
export interface XmlHandlers {
  /** `line`: 1-based line of the tag's `<`. */
  open(name: string, depth: number, line: number): void;
  text(text: string, depth: number): void;
  close(depth: number): void;
  /** Number of the record being read, for positions; 0 = none yet. */
  record(): number;
}

export interface XmlParser {
  write(piece: string): void;
  /** Throws `export-cut` unless the root element is closed. */
  end(): void;
  /** A fault at the place the parser has come to. */
  faultHere(code: string): Fault;
}

export function createXmlParser(
  handlers: XmlHandlers,
  limits: Pick<ReadLimits, 'depth' | 'fieldChars' | 'recordChars'>,
): XmlParser {
  const parser = new SaxesParser();
  let depth = 0;
  let ending = false;
  let sinceMarkup = 0;

  const faultHere = (code: string): Fault => {
    const record = handlers.record();
    const position = { line: parser.line, column: parser.column + 1 };
    return permanent(code, { position: record > 0 ? { ...position, record } : position });
  };

  // The parser's own message may quote what it read: only the place is kept.
  parser.on('error', () => {
    throw faultHere(ending ? 'export-cut' : 'xml-not-well-formed');
  });
  parser.on('opentagstart', (tag) => {
    depth += 1;
    if (depth > limits.depth) throw faultHere('xml-too-deep');
    // The character after the name has been read: a new line there has already been counted.
    handlers.open(tag.name, depth, parser.column === 0 ? parser.line - 1 : parser.line);
  });
  const text = (value: string): void => {
    if (value.length > limits.fieldChars) throw faultHere('xml-text-too-long');
    handlers.text(value, depth);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    handlers.close(depth);
    depth -= 1;
  });

  /** The parser gathers text until the next tag: a text without end must be seen before it fills the memory. */
  const boundText = (piece: string): void => {
    const first = piece.indexOf('<');
    sinceMarkup += first < 0 ? piece.length : first;
    if (sinceMarkup > limits.fieldChars) throw faultHere('xml-text-too-long');
    if (first >= 0) sinceMarkup = piece.length - piece.lastIndexOf('<') - 1;
  };

  const scan = createXmlScan({
    fieldChars: limits.fieldChars,
    recordChars: limits.recordChars,
    forward: (piece) => {
      boundText(piece);
      parser.write(piece);
    },
    refuse: (refusal) => {
      throw faultHere(refusal);
    },
  });

  return {
    write: (piece) => scan.write(piece),
    end: () => {
      scan.end();
      ending = true;
      parser.close();
    },
    faultHere,
  };
}
