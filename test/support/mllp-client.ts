import { connect, type Socket } from 'node:net';
import { createFrameCutter } from '../../agent/adt/mllp-frames.ts';

/** A sender of HL7 v2 over MLLP as a test needs it: bytes as they are, answers as they come. */
export interface MllpClient {
  readonly socket: Socket;
  write(bytes: Buffer | string): void;
  /** The next answer. Rejects when the connection ends before it. */
  answer(): Promise<string>;
  /** Sends a message in its frame and waits for its answer. */
  say(message: string): Promise<string>;
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>;
  end(): Promise<void>;
}

export function framed(message: string | Buffer): Buffer {
  const body = typeof message === 'string' ? Buffer.from(message) : message;
  return Buffer.concat([Buffer.from([0x0b]), body, Buffer.from([0x1c, 0x0d])]);
}

export function openMllp(port: number, localAddress = '127.0.0.1'): Promise<MllpClient> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  const cutter = createFrameCutter(1_000_000);
  const answers: string[] = [];
  const waiting: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  let over = false;
  socket.on('data', (chunk: Buffer) => {
    for (const frame of cutter.cut(chunk)) {
      const text = (frame.kind === 'message' ? frame.bytes : frame.head).toString();
      const next = waiting.shift();
      if (next === undefined) answers.push(text);
      else next.resolve(text);
    }
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      over = true;
      for (const one of waiting.splice(0)) one.reject(new Error('closed without an answer'));
      resolve();
    });
  });
  socket.on('error', () => undefined);
  const answer = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const ready = answers.shift();
      if (ready !== undefined) resolve(ready);
      else if (over) reject(new Error('closed without an answer'));
      else waiting.push({ resolve, reject });
    });
  const client: MllpClient = {
    socket,
    write: (bytes) => void socket.write(bytes),
    answer,
    say: (message) => {
      socket.write(framed(message));
      return answer();
    },
    closed,
    end: async () => {
      socket.end();
      await closed;
    },
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(client));
    socket.once('close', () => reject(new Error('no connection')));
  });
}

/** MSA-1 and MSA-2. */
export function acknowledged(answer: string): readonly [string, string] {
  const [, code = '', control = ''] = /\rMSA\|([^|\r]*)\|?([^|\r]*)/.exec(answer) ?? [];
  return [code, control];
}
