import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBeat, readBeatHeaders } from '../../../receiver/monitor/beat.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { quiet } from '../receiver/lab.ts';

let server: Server;
let status = 200;
let url = '';
const heard: IncomingMessage[] = [];
beforeEach(async () => {
  status = 200;
  heard.length = 0;
  server = createServer((request, response) => {
    heard.push(request);
    response.writeHead(status).end('x'.repeat(1000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Line {
  readonly level: string;
  readonly facts: Record<string, unknown>;
  readonly name: string;
}

/** Beats until the loop has been nudged to `times` steps. */
async function beats(
  times: number,
  options: {
    url?: string;
    isAlive?: () => boolean;
    headers?: Record<string, string>;
    between?: () => unknown;
  } = {},
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const logger = Object.assign(Object.create(quiet) as Logger, {
    warn: (facts: Record<string, unknown>, name: string) => lines.push({ level: 'warn', facts, name }),
    info: (name: string) => lines.push({ level: 'info', facts: {}, name }),
  });
  let asked = 0;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (done = resolve));
  const beat = createBeat({
    settings: { url: options.url ?? url, everySeconds: 3600 },
    headers: options.headers ?? {},
    logger,
    isAlive: () => {
      asked += 1;
      if (asked > times) {
        done();
        return false;
      }
      options.between?.();
      if (asked <= times) setImmediate(() => beat.nudge());
      return options.isAlive?.() ?? true;
    },
  });
  await beat.start();
  await finished;
  await beat.stop();
  return lines;
}

describe('the sign of life', () => {
  it('asks for the address with its headers, and says nothing while it is heard', async () => {
    expect(await beats(3, { headers: { authorization: 'Bearer t' } })).toEqual([]);
    expect(heard.map(({ method, url: path, headers }) => [method, path, headers.authorization])).toEqual(
      Array.from({ length: 3 }, () => ['GET', '/secret-path', 'Bearer t']),
    );
  });

  it('is not given while the watching does not work', async () => {
    await beats(3, { isAlive: () => false });
    expect(heard).toEqual([]);
  });

  it('says once per outage that it is not heard, and once that it is again, without the address', async () => {
    let step = 0;
    const lines = await beats(5, { between: () => (status = [503, 503, 200, 404, 200][step++] ?? 200) });
    expect(lines.map(({ level, facts, name }) => [level, facts['status'], name])).toEqual([
      ['warn', 503, 'watch-beat-failed'],
      ['info', undefined, 'watch-beat-heard'],
      ['warn', 404, 'watch-beat-failed'],
      ['info', undefined, 'watch-beat-heard'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret-path');
  });

  it('takes a redirection for a refusal, and a closed door for what it is', async () => {
    status = 302;
    expect((await beats(1))[0]?.facts['code']).toBe('watch-beat-refused');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await beats(1))[0]?.facts).toMatchObject({
      code: 'watch-beat-unreachable',
      reason: 'ECONNREFUSED',
    });
  });
});

describe('the headers of the sign of life', () => {
  it('are read from lines, and refused with the line that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vgm-beat-'));
    const file = join(folder, 'headers');
    const read = async (text: string) => {
      await writeFile(file, text);
      return readBeatHeaders(file);
    };
    expect(await readBeatHeaders(undefined)).toEqual({});
    expect(await read('# for the watcher\nAuthorization: Bearer a:b\r\n\nx-region: here\n')).toEqual({
      ...{ Authorization: 'Bearer a:b', 'x-region': 'here' },
    });
    for (const bad of ['x-one: 1\nno colon', 'x-one: 1\n: 2', 'x-one: 1\nx y: 2', 'x-one: 1\nempty:'])
      await expect(read(bad)).rejects.toMatchObject({ code: 'watch-headers-invalid', position: { line: 2 } });
    await expect(readBeatHeaders(join(folder, 'none'))).rejects.toMatchObject({
      code: 'watch-headers-unreadable',
    });
    await rm(folder, { recursive: true });
  });
});
