import type { FastifyRequest } from 'fastify';

/** A field, trimmed; empty when it is not there. */
export type Form = (name: string) => string;

export function formOf({ body }: FastifyRequest): Form {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return (name) => {
    const value = fields[name];
    return typeof value === 'string' ? value.trim() : '';
  };
}
