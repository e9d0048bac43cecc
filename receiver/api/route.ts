import { z } from 'zod';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Profile } from '../accounts/profile.ts';
import type { Reads } from '../pages/reads/reads.ts';
import type { RegionSeen } from '../pages/reads/region-seen.ts';
import type { ViewReach } from '../pages/reads/reach.ts';
import type { ApiScope } from '../store/token-tables.ts';
import { parseAsked } from './asked.ts';

/** Who asks: a token that is good now. */
export interface ApiCaller {
  readonly token: string;
  readonly name: string;
  readonly profile: Profile;
  readonly scopes: readonly ApiScope[];
  readonly reach: ViewReach;
}

export interface ApiContext {
  readonly caller: ApiCaller;
  readonly language: Language;
  /** Epoch ms. */
  readonly now: number;
  /** A consistent read within the caller's reach. */
  readonly read: <T>(work: (reads: Reads) => Promise<T>) => Promise<T>;
  /** The region as judged at the last look, within the caller's reach. Not from inside `read`. */
  readonly region: () => Promise<RegionSeen>;
}

/** A file of an answer: in memory, or on the disk. */
export interface ApiFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer | { readonly path: string; readonly bytes: number };
}

export type ApiAnswer =
  | { readonly kind: 'json'; readonly body: unknown; readonly location?: string }
  | { readonly kind: 'file'; readonly file: ApiFile }
  | { readonly kind: 'nothing' };

export interface RawAsked {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/**
 * One route, as the document tells of it and as it runs. What is asked is read against its schemas, and so is what is
 * answered: a field that no schema names comes out of no answer.
 */
export interface ApiRoute extends Told {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | undefined;
  /** Undefined: a file, or nothing. */
  readonly answer: z.ZodType | undefined;
  run(asked: RawAsked, context: ApiContext): Promise<ApiAnswer>;
}

interface Told {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Under /api/v1, with `{parameters}`. */
  readonly path: string;
  readonly scope: ApiScope;
  readonly profiles: readonly Profile[];
  readonly summary: string;
  readonly status: 200 | 202 | 204;
  /** Media types, where a file is answered. */
  readonly types?: readonly string[];
  /** Codes that it answers besides those that any route may. */
  readonly faults?: readonly string[];
}

interface Asking<Params extends z.ZodObject, Query extends z.ZodObject> {
  readonly params: Params;
  readonly query: Query;
}

interface Asked<Params extends z.ZodObject, Query extends z.ZodObject> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
}

type TellingOf<Params extends z.ZodObject, Query extends z.ZodObject> = Omit<Told, 'status'> &
  Asking<Params, Query>;

/** Answers a document; undefined: there is none, or none for this caller. */
export function documentRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Answer extends z.ZodType,
>(
  told: TellingOf<Params, Query> & { readonly answer: Answer },
  handle: (asked: Asked<Params, Query>, context: ApiContext) => Promise<z.input<Answer> | undefined>,
): ApiRoute {
  return {
    ...{ ...told, status: 200, body: undefined },
    run: async (raw, context) => {
      const body = await handle(askedOf(told, raw), context);
      if (body === undefined) throw permanent('api-not-found');
      return { kind: 'json', body: told.answer.parse(body) };
    },
  };
}

/** Takes a body, and answers what it became and where that is. */
export function askingRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  told: TellingOf<Params, Query> & { readonly body: Body; readonly answer: Answer },
  handle: (
    asked: Asked<Params, Query> & { readonly body: z.output<Body> },
    context: ApiContext,
  ) => Promise<{ readonly body: z.input<Answer>; readonly location: string }>,
): ApiRoute {
  return {
    ...{ ...told, status: 202 },
    run: async (raw, context) => {
      const given = parseAsked(told.body, raw.body, 'api-body-invalid');
      const { body, location } = await handle({ ...askedOf(told, raw), body: given }, context);
      return { kind: 'json', body: told.answer.parse(body), location };
    },
  };
}

export function fileRoute<Params extends z.ZodObject, Query extends z.ZodObject>(
  told: TellingOf<Params, Query> & { readonly types: readonly string[] },
  handle: (asked: Asked<Params, Query>, context: ApiContext) => Promise<ApiFile | undefined>,
): ApiRoute {
  return {
    ...{ ...told, status: 200, body: undefined, answer: undefined },
    run: async (raw, context) => {
      const file = await handle(askedOf(told, raw), context);
      if (file === undefined) throw permanent('api-not-found');
      return { kind: 'file', file };
    },
  };
}

/** Does something, and has nothing to say of it. */
export function actRoute<Params extends z.ZodObject, Query extends z.ZodObject>(
  told: TellingOf<Params, Query>,
  handle: (asked: Asked<Params, Query>, context: ApiContext) => Promise<void>,
): ApiRoute {
  return {
    ...{ ...told, status: 204, body: undefined, answer: undefined },
    run: async (raw, context) => {
      await handle(askedOf(told, raw), context);
      return { kind: 'nothing' };
    },
  };
}

function askedOf<Params extends z.ZodObject, Query extends z.ZodObject>(
  { params, query }: Asking<Params, Query>,
  raw: RawAsked,
): Asked<Params, Query> {
  // An address that cannot be one of ours is the address of nothing.
  const place = params.safeParse(raw.params);
  if (!place.success) throw permanent('api-not-found');
  return { params: place.data, query: parseAsked(query, onceEach(raw.query), 'api-query-invalid') };
}

/** Said twice, nobody knows which is meant. Throws `api-query-twice`. */
function onceEach(query: URLSearchParams): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const [name, value] of query) {
    if (found.has(name)) throw permanent('api-query-twice', { facts: { name: name.slice(0, 40) } });
    found.set(name, value);
  }
  return Object.fromEntries(found);
}
