import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import { expecting, settingsOrFault } from '../shared/runtime/settings.ts';
import { configSchema, withAbsolutePaths } from './config.ts';

/**
 * The answer file of an unattended `setup`, YAML or JSON: the settings of agent.yaml as they are to be written, and beside
 * them what is to be done. `mappings: [auto]` = recognised by the content of the folder. Secrets only by file.
 */
const answersSchema = configSchema.extend({
  /** A configuration that says something else may be replaced; it is kept aside. */
  overwrite: z.boolean().default(false),
  enroll: z
    .strictObject({
      url: z.url({ protocol: /^https$/, error: expecting('une adresse https', 'an https address') }),
      codeFile: z.string().min(1),
      deleteCodeFile: z.boolean().default(false),
      replace: z.boolean().default(false),
    })
    .optional(),
  /** Run doctor at the end; its failures are those of the setup. */
  check: z.boolean().default(false),
  service: z
    .strictObject({
      install: z.boolean().default(true),
      start: z.boolean().default(true),
      name: z.string().min(1).optional(),
      user: z.string().min(1).optional(),
    })
    .optional(),
});

/** Settings as a person gave them, nothing filled in; what is written to agent.yaml. */
export type Settings = z.input<typeof configSchema>;
export type Enrolling = NonNullable<z.output<typeof answersSchema>['enroll']>;

export interface Answers {
  readonly settings: Settings;
  readonly overwrite: boolean;
  readonly enroll: Enrolling | undefined;
  readonly check: boolean;
  readonly service: z.output<typeof answersSchema>['service'];
}

/** Faults: `answers-unreadable`, `answers-invalid` (facts: file, count, faultsFr, faultsEn: each with its line). */
export async function readAnswers(path: string): Promise<Answers> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw permanent('answers-unreadable', { facts: { file: path, reason: systemCode(cause) ?? '' }, cause });
  }
  const { value, found } = settingsOrFault(text, answersSchema, { code: 'answers-invalid', file: path });
  const base = dirname(resolve(path));
  const { enroll, overwrite, check, service } = value;
  return {
    settings: withAbsolutePaths(settingsOf(found as Record<string, unknown>), base),
    enroll: enroll && { ...enroll, codeFile: resolve(base, enroll.codeFile) },
    ...{ overwrite, check, service },
  };
}

/** As they were written: what was left out stays out. They have passed the schema. */
function settingsOf(found: Readonly<Record<string, unknown>>): Settings {
  const own = Object.keys(configSchema.shape);
  return Object.fromEntries(Object.entries(found).filter(([key]) => own.includes(key))) as Settings;
}
