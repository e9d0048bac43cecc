import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finess } from '../support/rpu-text.ts';

/** The API of a real receiver, by tokens that the command line makes and takes back. */
const main = resolve(import.meta.dirname, '../../receiver/main.ts');
const [own, other] = [finess(1), finess(2)];
let folder: string;
let config: string;
let child: ChildProcess;
let base: string;
let health: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaguemestre-api-'));
  config = join(folder, 'receiver.yaml');
  const free = { host: '127.0.0.1', port: 0 };
  await writeFile(
    config,
    JSON.stringify({
      ...{ state: 'state', region: 'Essai', hosts: ['localhost'], portal: {} },
      listeners: { ingest: free, enrolment: free, health: free, agencies: free, portal: free },
    }),
    { mode: 0o600 },
  );
  expect((await run('init')).code).toBe(0);
  for (const [place, name] of [
    [own, 'CH A'],
    [other, 'CH B'],
  ] as const)
    expect((await run('facility', 'add', place, '--name', name)).code).toBe(0);
  child = spawn(process.execPath, [main, 'serve', '--config', config], { stdio: 'ignore' });
  const announced = join(folder, 'state', 'listeners.json');
  while (!existsSync(announced)) {
    if (child.exitCode !== null) throw new Error('the receiver ended while starting');
    await wait(50);
  }
  const listeners = JSON.parse(readFileSync(announced, 'utf8')) as Record<string, { port: number }>;
  base = `http://127.0.0.1:${listeners['portal']?.port}/api/v1`;
  health = `http://127.0.0.1:${listeners['health']?.port}`;
}, 90_000);
afterAll(async () => {
  child.kill('SIGTERM');
  await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(...words: readonly string[]): Promise<Ran> {
  return new Promise((settle) => {
    const env = { ...process.env, LANG: 'en_GB.UTF-8', LANGUAGE: '' };
    execFile(process.execPath, [main, ...words, '--config', config], { env }, (error, out, err) =>
      settle({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

async function ask(
  path: string,
  token: string,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const answer = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, json: await answer.json() };
}

it(
  'answers a token of the command line until it is revoked, and never says the token again',
  { timeout: 180_000 },
  async () => {
    const made = await run(
      ...['token', 'create', '--name', 'Dashboard of the ORU', '--profile', 'hospital-admin'],
      ...['--scope', 'facilities', 'files', '--facility', own, '--json'],
    );
    expect([made.code, made.err]).toEqual([0, '']);
    const { id, token } = JSON.parse(made.out) as { readonly id: string; readonly token: string };
    expect(token).toMatch(/^vgm_[\w-]{43}$/);

    const { status, json } = await ask('/facilities', token);
    expect(status).toBe(200);
    expect(json).toMatchObject({ items: [{ finess: own, name: 'CH A' }], next: null });
    expect((await ask(`/facilities/${other}`, token)).status).toBe(404);
    expect(await ask('/reports', token)).toMatchObject({ status: 403, json: { code: 'api-scope' } });
    expect((await fetch(`${base}/openapi.json`)).status).toBe(200);

    const listed = await run('token', 'list', '--json');
    expect(JSON.parse(listed.out)).toMatchObject({ tokens: [{ id, state: 'good', facilities: [own] }] });
    expect((JSON.parse(listed.out) as { tokens: { usedAt: number }[] }).tokens[0]?.usedAt).toBeGreaterThan(0);
    expect((await run('token', 'list')).out).toContain('Dashboard of the ORU');
    expect(listed.out).not.toContain(token.slice(4));

    expect((await run('token', 'revoke', id)).code).toBe(2);
    expect((await run('token', 'revoke', id, '--reason', 'no longer used')).code).toBe(0);
    expect((await ask('/facilities', token)).status).toBe(401);
    expect((await run('token', 'revoke', id, '--reason', 'again')).err).toContain('token-revoked-before');
    expect((await run('token', 'revoke', 'nothing', '--reason', 'again')).err).toContain('token-unknown');

    const audit = (await run('audit', 'list', '--json')).out;
    expect(audit).toContain('token.created');
    expect(audit).toContain('token.revoked');
    expect(audit).not.toContain(token.slice(4));
    for (const file of ['receiver.db', 'receiver.db-wal'].map((name) => join(folder, 'state', name)))
      if (existsSync(file)) expect(readFileSync(file).includes(token.slice(4))).toBe(false);
  },
);

it('takes an extraction and makes it beside its answers', async () => {
  const made = await run(
    ...['token', 'create', '--name', 'x', '--profile', 'hospital-admin', '--scope', 'extractions'],
    ...['--facility', own, '--days', '1', '--json'],
  );
  const { token } = JSON.parse(made.out) as { readonly token: string };
  const body = {
    ...{ from: '2026-01-01', to: '2026-01-07', purpose: 'The first week of the year' },
    content: { kind: 'rows', fields: ['severity'] },
  };
  const asked = await fetch(`${base}/extractions`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  const told = await asked.text();
  expect([asked.status, told]).toEqual([202, expect.stringContaining('"state":"waiting"')]);
  const place = String(asked.headers.get('location')).replace('/api/v1', '');
  let state: unknown;
  do {
    await wait(50);
    state = Reflect.get((await ask(place, token)).json as object, 'state');
  } while (state === 'waiting' || state === 'running');
  expect(state).toBe('ready');
  const file = await fetch(`${base}${place}/file`, { headers: { authorization: `Bearer ${token}` } });
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(await file.text()).toContain('severity');
});

it('says how it is to whoever watches it', async () => {
  expect(await (await fetch(`${health}/health/ready`)).json()).toEqual({ ready: true });
  const text = await (await fetch(`${health}/metrics`)).text();
  for (const name of ['vaguemestre_build_info', 'vaguemestre_days_left', 'vaguemestre_state_free_bytes'])
    expect(text).toContain(`# TYPE ${name} gauge`);
});
