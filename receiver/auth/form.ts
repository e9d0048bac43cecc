import type { FastifyRequest } from 'fastify';

/** A field as typed, or trimmed; a password keeps its spaces. */
export type Form = (name: string, asTyped?: boolean) => string;

export function formOf({ body }: FastifyRequest): Form {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return (name, asTyped = false) => {
    const value = fields[name];
    const text = typeof value === 'string' ? value : '';
    return asTyped ? text : text.trim();
  };
}
