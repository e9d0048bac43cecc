import { z } from 'zod';
import { problemName } from './problem.ts';
import type { ApiRoute } from './route.ts';
import { schemaNames, schemaWords } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1: made of the very schemas that answers and questions are held against, so that neither strays from it. */
export function openApiDocument(
  routes: readonly ApiRoute[],
  { region, version }: { readonly region: string; readonly version: string },
): Json {
  const bodies = z.registry<{ id: string }>();
  for (const { id, body } of routes) if (body !== undefined) bodies.add(body, { id: `${capital(id)}Body` });
  const paths = new Map<string, Record<string, unknown>>();
  for (const route of routes) {
    const place = paths.get(route.path) ?? {};
    place[route.method.toLowerCase()] = operationOf(route);
    paths.set(route.path, place);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Vaguemestre, ${region}`,
      version,
      description:
        'Days are of Paris (yyyy-mm-dd), instants ISO 8601 in UTC. Lists come in pages: ask again with `cursor` set to ' +
        '`next` until it is null. What a token does not reach answers as what does not exist. No answer holds a value of ' +
        'a patient’s record, but the files of extractions.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: {
          ...{ type: 'http', scheme: 'bearer' },
          description: 'vgm_ and 43 characters; made for a profile, some scopes and some facilities',
        },
      },
      responses: {
        Problem: {
          description: 'What went wrong (RFC 9457)',
          content: { 'application/problem+json': { schema: reference(problemName) } },
        },
      },
      schemas: { ...componentsOf(schemaNames, 'output'), ...componentsOf(bodies, 'input') },
    },
  };
}

function operationOf(route: ApiRoute): Json {
  const { id, summary, scope, profiles, body, faults = [] } = route;
  return {
    ...{ operationId: id, summary, tags: [scope] },
    description: `Scope \`${scope}\`. Profiles: ${profiles.join(', ')}.`,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: reference(`${capital(id)}Body`) } },
          },
        }),
    responses: { [route.status]: answerOf(route), default: { $ref: '#/components/responses/Problem' } },
    ...{ 'x-scope': scope, 'x-profiles': [...profiles] },
    ...(faults.length === 0 ? {} : { 'x-problem-codes': [...faults] }),
  };
}

function answerOf({ answer, types, summary, status }: ApiRoute): Json {
  const description = status === 204 ? 'Done' : summary;
  if (answer !== undefined) {
    const id = schemaNames.get(answer)?.id ?? '';
    const headers =
      status === 202 ? { headers: { Location: { schema: { type: 'string' }, required: true } } } : {};
    return { description, ...headers, content: { 'application/json': { schema: reference(id) } } };
  }
  if (types === undefined) return { description };
  const content = types.map((type) => [type.split(';')[0], {}] as const);
  return { description, content: Object.fromEntries(content) };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly Json[] {
  return Object.entries(schema.shape).map(([name, value]) => {
    const converted = z.toJSONSchema(value as z.ZodType, { io: 'input', metadata: schemaWords });
    const { description, ...shape } = without(converted, ['$schema']);
    return {
      ...{ name, in: place, schema: shape },
      required: place === 'path' || !(value as z.ZodType).safeParse(undefined).success,
      ...(typeof description === 'string' ? { description } : {}),
    };
  });
}

function componentsOf(registry: typeof schemaNames, io: 'input' | 'output'): Json {
  const { schemas } = z.toJSONSchema(registry, {
    ...{ io, target: 'draft-2020-12', metadata: schemaWords },
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, without(schema, ['$schema', '$id'])]),
  );
}

function without(json: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}

function reference(id: string): Json {
  return { $ref: `#/components/schemas/${id}` };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
