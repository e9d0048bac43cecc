import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../receiver/api/openapi.ts';
import { createApiRoutes } from '../../../receiver/api/routes.ts';
import type { ApiRoutesDeps } from '../../../receiver/api/routes.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { fieldsFor, splitsFor } from '../../../receiver/extraction/plan.ts';
import { extractionErrors } from '../../../shared/i18n/errors-extraction.ts';
import { readDocument } from '../../support/api-document.ts';

const config = parseConfig(JSON.stringify({ state: 'state', region: 'R' }), '/nowhere/receiver.yaml');
const nobody = async (): Promise<never> => {
  throw new Error('nobody is at the desk');
};
const desk: ApiRoutesDeps['desk'] = {
  ...{ ask: nobody, list: nobody, get: nobody, cancel: nobody, fetch: nobody },
};
const routes = createApiRoutes({ config, desk });
const payload = JSON.stringify(openApiDocument(routes, { region: 'R', version: '1' }));
const document = readDocument({ payload });
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Of the command line, and of a file in the making: the row says them. */
const elsewhere = new Set([
  ...['extraction-request-invalid', 'extraction-request-unreadable', 'extraction-target-unwritable'],
  ...['extraction-folder-unwritable', 'extraction-too-many-rows'],
]);

describe('the document', () => {
  it('names every code that is answered of an extraction, and none that is not', () => {
    const told = operations
      .filter(({ operation }) => operation['x-scope'] === 'extractions')
      .flatMap(({ operation }) => operation['x-problem-codes'] ?? []);
    const known = Object.keys(extractionErrors).filter((code) => !elsewhere.has(code));
    expect([...new Set(told)].sort()).toEqual(known.sort());
  });

  it('has every route once, under an id of its own, with the parameters of its address', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.length).toBe(routes.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
    for (const { path, operation } of operations) {
      const named = operation.parameters.filter(({ in: place }) => place === 'path');
      expect(named.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(named.every(({ required }) => required)).toBe(true);
      expect(operation.responses['default']?.$ref).toBe('#/components/responses/Problem');
    }
  });

  it('refers to nothing that is not in it, and holds nothing that nobody refers to', () => {
    const used = new Set([...payload.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref));
    for (const ref of used) {
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, step) => Reflect.get(Object(at) as object, step), JSON.parse(payload));
      expect([ref, typeof found]).toEqual([ref, 'object']);
    }
    for (const name of Object.keys(document.components.schemas))
      expect([...used]).toContain(`#/components/schemas/${name}`);
  });

  it('is made of schemas that are JSON Schema of 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, validateFormats: false, allowUnionTypes: true });
    ajv.addSchema({ $id: 'api', components: document.components }, undefined, false, false);
    for (const name of Object.keys(document.components.schemas)) {
      const { [name]: schema } = document.components.schemas;
      expect([name, ajv.validateSchema(schema ?? {})]).toEqual([name, true]);
    }
  });

  it('says of a request for an extraction what the receiver takes', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...document });
    const check = ajv.compile({ $ref: 'api#/components/schemas/AskExtractionBody' });
    const body = {
      ...{ from: '2026-01-01', to: '2026-01-31', purpose: 'Checked by the document' },
      content: { kind: 'aggregates', split: 'age', by: 'week', places: 'region' },
    };
    const bodyOf = routes.find(({ id }) => id === 'askExtraction')?.body;
    for (const each of [body, { ...body, form: 'xlsx' }, { ...body, form: 'pdf' }, { ...body, more: 1 }, {}])
      expect([each, check(each)]).toEqual([each, bodyOf?.safeParse(each).success]);
    const requester = {
      administrator: false,
      facilities: 'all',
      actor: { kind: 'system', id: 'x', name: 'x' },
    } as const;
    expect(splitsFor({ ...requester, profile: 'auditor' }, 'en').length).toBeGreaterThan(2);
    expect(fieldsFor({ ...requester, profile: 'regional-operator' }, 'en')).toEqual([]);
  });

  it('tells of no machine, no person and no token', () => {
    expect(payload).not.toMatch(/nowhere|vgm_[\w-]{43}|localhost/);
  });
});
