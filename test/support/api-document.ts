import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Answered {
  readonly payload: string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Readonly<Record<string, { readonly schema?: object }>>; readonly $ref?: string }
    >
  >;
  readonly requestBody?: object;
  readonly 'x-scope'?: string;
  readonly 'x-problem-codes'?: readonly string[];
}

export function readDocument({ payload }: Pick<Answered, 'payload'>): OpenApi {
  return JSON.parse(payload) as OpenApi;
}

/** Answers' bodies, held against what the document says of that address, method and status; throws where they differ. */
export function answerChecker(
  served: Answered,
): (asked: {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly answer: Answered;
}) => unknown {
  const document = readDocument(served);
  // Formats are looked at by the schemas' own patterns.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...document });
  const known = new Map<string, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
    const found = known.get(text) ?? ajv.compile(JSON.parse(text) as object);
    known.set(text, found);
    return found;
  };
  const holdAgainst = (schema: object, body: unknown, where: string): void => {
    const validate = validatorOf(schema);
    if (!validate(body)) throw new Error(`${where}: ${ajv.errorsText(validate.errors)}`);
  };

  return ({ method, url, status, answer }) => {
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const where = `${method} ${url} ${status}`;
    if (method === 'HEAD' || answer.payload === '') return undefined;
    if (status >= 400) {
      if (type !== 'application/problem+json') throw new Error(`${where}: ${type}`);
      const body: unknown = JSON.parse(answer.payload);
      holdAgainst({ $ref: '#/components/schemas/Problem' }, body, where);
      return body;
    }
    if (url.startsWith('/api/v1/openapi.json')) return JSON.parse(answer.payload) as unknown;
    const operation = operationAt(document, method, url);
    const content = operation?.responses[`${status}`]?.content?.[type];
    if (content === undefined) throw new Error(`${where}: ${type} is not in the document`);
    if (content.schema === undefined) return undefined;
    const body: unknown = JSON.parse(answer.payload);
    holdAgainst(content.schema, body, where);
    return body;
  };
}

function operationAt({ paths }: OpenApi, method: string, url: string): Operation | undefined {
  const path = (url.split('?')[0] ?? '').slice('/api/v1'.length);
  const found = Object.entries(paths).find(([pattern]) =>
    new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return found?.[1][method.toLowerCase()];
}
