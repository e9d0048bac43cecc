import { access, constants, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { setupTexts as texts } from '../../shared/i18n/terminal-agent-setup.ts';
import type { Settings } from '../config-answers.ts';
import { isMappingFile } from '../config.ts';
import { builtInTexts } from '../mapping/built-in.ts';
import { choice, type Asking, type Checked } from './asking.ts';
import { recogniseFolder, type Recognised } from './recognise.ts';

type Source = Settings['sources'][number];

/** Source after source, until there are no more. */
export async function askSources(asking: Asking): Promise<Source[]> {
  const sources: Source[] = [];
  do {
    const source = await askSource(asking, sources);
    sources.push(source);
  } while (await asking.yes(texts.askAnother, false));
  return sources;
}

async function askSource(asking: Asking, others: readonly Source[]): Promise<Source> {
  const folder = await asking.one(texts.askFolder, '', readableFolder);
  const found = await recogniseFolder(folder);
  sayFound(asking, found, folder);
  const mappings = await asking.one(texts.askMappings, proposed(found), mappingNames);
  const facility = await asking.one(texts.askFacility, '', (answer) => finessOr(answer, mappings));
  const name = await asking.one(texts.askName, sourceName(folder), (answer) => unusedName(answer, others));
  const part = others.length === 0 ? '' : await asking.one(texts.askPart, '', partOr);
  const decrypt = found.openPgp > 0 ? await askDecrypt(asking) : undefined;
  const mode = await asking.one(
    texts.askReady,
    'stable',
    choice(['stable', 'marker', 'rename', 'now'] as const),
  );
  const seconds = mode === 'stable' ? await asking.one(texts.askSeconds, '10', wholeSeconds) : undefined;
  const canMove = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!canMove) asking.say(texts.onlyReadable);
  const after = await asking.one(
    texts.askAfter,
    canMove ? 'archive' : 'keep',
    choice(['archive', 'keep'] as const),
  );
  return {
    ...{ name, folder, mappings },
    ...(facility === '' ? {} : { facility }),
    ...(part === '' ? {} : { part }),
    ...(decrypt === undefined ? {} : { decrypt }),
    ready: seconds === undefined ? { mode } : { mode, seconds },
    after,
  };
}

async function readableFolder(answer: string): Promise<Checked<string>> {
  const path = resolve(answer);
  const found = answer === '' ? undefined : await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return { hint: texts.notAFolder, facts: { path: answer } };
  return access(path, constants.R_OK | constants.X_OK).then(
    () => ({ value: path }),
    () => ({ hint: texts.notReadable, facts: { path } }),
  );
}

function sayFound(asking: Asking, found: Recognised, folder: string): void {
  if (found.files === 0) asking.say(texts.foundNothing);
  for (const mapping of found.mappings) asking.say(texts.foundMapping, { mapping });
  if (found.facilities.length > 0) asking.say(texts.foundFacilities, { list: found.facilities.join(', ') });
  if (found.hl7 > 0) asking.say(texts.foundHl7, { files: found.hl7 });
  if (found.openPgp > 0) asking.say(texts.foundOpenPgp, { files: found.openPgp });
  if (found.broken > 0) asking.say(texts.foundBroken, { files: found.broken });
  if (found.unknownSample !== undefined)
    asking.say(texts.foundUnknown, { files: found.unknown, sample: found.unknownSample, folder });
}

/** What `auto` means in an answer file too. */
export function proposed(found: Recognised): string {
  const hl7 = found.hl7 > 0 && 'pam-fr' in builtInTexts ? ['pam-fr'] : [];
  return [...found.mappings, ...hl7].join(', ');
}

async function mappingNames(answer: string): Promise<Checked<string[]>> {
  const names = answer.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.length === 0) return { hint: texts.noMapping };
  const value: string[] = [];
  for (const name of names) {
    const path = isMappingFile(name) ? resolve(name) : undefined;
    const known = path === undefined ? Object.hasOwn(builtInTexts, name) : await isThere(path);
    if (!known)
      return { hint: texts.mappingUnknown, facts: { name, known: Object.keys(builtInTexts).join(', ') } };
    value.push(path ?? name);
  }
  return { value };
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** HL7 messages do not name their facility. */
function finessOr(answer: string, mappings: readonly string[]): Checked<string> {
  if (answer === '') return mappings.includes('pam-fr') ? { hint: texts.finessNeeded } : { value: '' };
  const finess = normaliseFiness(answer);
  return isFiness(finess) ? { value: finess } : { hint: texts.notFiness };
}

function sourceName(folder: string): string {
  const name = basename(folder).replace(/[^\p{L}\p{N} ._-]/gu, '-');
  return /^[\p{L}\p{N}]/u.test(name) ? name : 'urgences';
}

function unusedName(answer: string, others: readonly Source[]): Checked<string> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(answer)) return { hint: texts.notAName };
  return others.some(({ name }) => name === answer) ? { hint: texts.nameUsed } : { value: answer };
}

function partOr(answer: string): Checked<string> {
  return answer === '' || /^[0-9A-Za-z._-]{1,40}$/.test(answer)
    ? { value: answer }
    : { hint: texts.notAPart };
}

function wholeSeconds(answer: string): Checked<number> {
  const value = Number(answer);
  return Number.isInteger(value) && value >= 0 && value <= 3600 ? { value } : { hint: texts.notSeconds };
}

async function askDecrypt(asking: Asking): Promise<NonNullable<Source['decrypt']>> {
  const file = async (answer: string): Promise<Checked<string>> =>
    answer !== '' && (await isThere(resolve(answer)))
      ? { value: resolve(answer) }
      : { hint: texts.fileUnreadable, facts: { path: answer } };
  const privateKeyFile = await asking.one(texts.askPrivateKey, '', file);
  const passphraseFile = await asking.one(texts.askPassphraseFile, '', (answer) =>
    answer === '' ? { value: '' } : file(answer),
  );
  return passphraseFile === '' ? { privateKeyFile } : { privateKeyFile, passphraseFile };
}
