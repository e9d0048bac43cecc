import { readFile } from 'node:fs/promises';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { describeIssue, settingsOrFault } from '../../shared/runtime/settings.ts';
import { extractionRequest, type ExtractionRequest } from '../extraction/request.ts';

export interface AskOptions {
  /** A request written down (YAML or JSON); then no other option than `to`. */
  readonly file?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly fields?: string | undefined;
  readonly split?: string | undefined;
  readonly by?: string | undefined;
  readonly places?: string | undefined;
  readonly facility?: string | undefined;
  readonly age?: string | undefined;
  readonly sex?: string | undefined;
  readonly severity?: string | undefined;
  readonly departure?: string | undefined;
  readonly codes?: string | undefined;
  readonly group?: string | undefined;
  readonly form?: string | undefined;
  readonly language?: string | undefined;
  readonly purpose?: string | undefined;
  readonly to?: string | undefined;
}

const code = 'extraction-request-invalid';

const requestOptions = [
  ...(['from', 'until', 'fields', 'split', 'by', 'places', 'facility', 'age', 'sex', 'severity'] as const),
  ...(['departure', 'codes', 'group', 'form', 'language', 'purpose'] as const),
] as const;

/** Throws `extraction-request-invalid` naming every fault, `extraction-request-unreadable`, `command-invalid`. */
export async function requestAsked({ file, ...options }: AskOptions): Promise<ExtractionRequest> {
  if (file !== undefined) {
    if (requestOptions.some((name) => options[name] !== undefined))
      throw permanent('command-invalid', { facts: { detail: 'extract ask FILE | --from --until …' } });
    return requestInFile(file);
  }
  if (options.fields !== undefined && options.split !== undefined)
    throw permanent('command-invalid', { facts: { detail: '--fields | --split' } });
  const asked = requestOf(options);
  const read = extractionRequest.safeParse(asked);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => describeIssue(issue, asked));
  throw permanent(code, {
    facts: {
      ...{ file: 'extract ask', count: faults.length },
      faultsFr: faults.map(({ fr }) => fr).join('\n'),
      faultsEn: faults.map(({ en }) => en).join('\n'),
    },
  });
}

async function requestInFile(file: string): Promise<ExtractionRequest> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const facts = { file, reason: systemCode(error) ?? '' };
    throw permanent('extraction-request-unreadable', { facts, cause: error });
  });
  return settingsOrFault(text, extractionRequest, { code, file }).value;
}

function requestOf(options: Omit<AskOptions, 'file'>): Readonly<Record<string, unknown>> {
  const { from, until, facility, form, language, purpose } = options;
  return given({
    ...{ from, to: until, form, language, purpose },
    facilities: listOf(facility),
    content: options.split === undefined ? rowsOf(options) : aggregatesOf(options),
  });
}

function rowsOf({ fields, age, sex, severity, departure, codes, group }: AskOptions): unknown {
  return given({
    ...{ kind: 'rows', fields: listOf(fields), age: ageOf(age), sex: listOf(sex), group },
    ...{ severity: listOf(severity), departure: listOf(departure), codes: listOf(codes) },
  });
}

function aggregatesOf({ split, by = 'week', places = 'region' }: AskOptions): unknown {
  return { kind: 'aggregates', split, by, places };
}

/** "18-65": from 18 to under 65; either side may be left open. */
function ageOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  const [, from = '', below = ''] = /^(\d*)-(\d*)$/.exec(text.trim()) ?? [];
  if (from === '' && below === '') throw permanent('command-invalid', { facts: { detail: '--age 18-65' } });
  return given({
    from: from === '' ? undefined : Number(from),
    below: below === '' ? undefined : Number(below),
  });
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function given(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
