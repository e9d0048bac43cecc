import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import type { PrintPdf } from './make-files.ts';

const timeoutMs = 60_000;
const mostBytes = 32 * 1024 * 1024;

/**
 * A page as PDF, by the Chromium that the settings name: a folder of its own, no network, ended with all its processes
 * when it takes longer than a minute. Throws `report-chromium-missing`, `report-chromium-slow`, `report-chromium-failed`.
 */
export function createPrinter(program: string, limits: { readonly timeoutMs?: number } = {}): PrintPdf {
  return async (html, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-report-'));
    try {
      const [page, pdf] = [join(folder, 'a4.html'), join(folder, 'a4.pdf')];
      await writeFile(page, html, { mode: 0o600 });
      await run(program, [...flags(folder), `--print-to-pdf=${pdf}`, pathToFileURL(page).href], {
        ...{ folder, signal, timeoutMs: limits.timeoutMs ?? timeoutMs },
      });
      const content = await readFile(pdf).catch(() => Buffer.alloc(0));
      if (content.length > mostBytes || content.subarray(0, 5).toString('latin1') !== '%PDF-')
        throw permanent('report-chromium-failed', { facts: { program, reason: 'no PDF' } });
      return content;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

function flags(folder: string): readonly string[] {
  return [
    ...['--headless', '--disable-gpu', '--no-first-run', '--no-default-browser-check', '--disable-sync'],
    ...['--disable-extensions', '--disable-background-networking', '--disable-component-update'],
    ...['--disable-dev-shm-usage', '--no-pdf-header-footer', `--user-data-dir=${join(folder, 'profile')}`],
    // The page loads nothing; should the browser want to, there is nowhere to go.
    ...['--proxy-server=127.0.0.1:9', '--host-resolver-rules=MAP * ~NOTFOUND'],
    // Chromium refuses to run as root within its own sandbox; the page has no script.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}

interface Run {
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

function run(
  program: string,
  options: readonly string[],
  { folder, timeoutMs: ms, signal }: Run,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that all it starts ends with it.
    const child = spawn(program, options, {
      ...{ cwd: folder, detached: process.platform !== 'win32', stdio: 'ignore' },
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', TMPDIR: folder },
    });
    let reason: 'slow' | 'stopped' | undefined;
    const end = (why: 'slow' | 'stopped') => () => {
      reason ??= why;
      killAll(child.pid);
    };
    const limit = setTimeout(end('slow'), ms);
    const stop = end('stopped');
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const done = (): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', stop);
    };
    child.once('error', (error) => {
      done();
      const facts = { program, reason: systemCode(error) ?? '' };
      reject(permanent('report-chromium-missing', { facts, cause: error }));
    });
    child.once('exit', (code, killed) => {
      done();
      // What it left running holds its folder.
      killAll(child.pid);
      if (reason === 'slow')
        reject(transient('report-chromium-slow', { facts: { program, seconds: ms / 1000 } }));
      else if (code === 0 && reason === undefined) resolve();
      else
        reject(
          transient('report-chromium-failed', {
            facts: { program, reason: killed ?? `exit ${code ?? '?'}` },
          }),
        );
    });
  });
}

function killAll(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
