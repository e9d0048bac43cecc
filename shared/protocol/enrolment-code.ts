import { hash } from 'node:crypto';
import { permanent } from '../runtime/errors.ts';
import { printBase32, readBase32 } from './base32.ts';

/** What a person carries from the region to the hospital, once. Layout in enrolment.ts. */
export interface EnrolmentCode {
  readonly agent: string;
  /** 20 random bytes; never sent. */
  readonly token: Buffer;
  /** Lower-case hex SHA-256 of the region root's SPKI. */
  readonly rootDigest: string;
}

export const tokenBytes = 20;
const prefix = 'vgm1';
const checksumLength = 4;

export function createEnrolmentCode({ agent, token, rootDigest }: EnrolmentCode): string {
  const agentHex = agent.replaceAll('-', '').toLowerCase();
  const root = Buffer.from(rootDigest, 'hex');
  const parts = [prefix, agentHex, printBase32(token), printBase32(root)];
  return [...parts, checksum(agentHex, token, root)].join('.');
}

/**
 * Spaces and line breaks, which mail programs add, are ignored. Throws `enrolment-code-invalid`; its fact `why` says
 * whether the form or the checksum (a mistyped character) is at fault. Never says the token.
 */
export function parseEnrolmentCode(text: string): EnrolmentCode {
  const [start, agent, token, root, sum, ...rest] = text.replace(/\s+/g, '').split('.');
  if (start?.toLowerCase() !== prefix || sum === undefined || rest.length > 0) throw invalid('form');
  const agentHex = (agent ?? '').toLowerCase();
  const tokenRead = readBase32(token ?? '');
  const rootRead = readBase32(root ?? '');
  if (!/^[0-9a-f]{32}$/.test(agentHex) || tokenRead?.length !== tokenBytes || rootRead?.length !== 32)
    throw invalid('form');
  if (readSum(sum) !== checksum(agentHex, tokenRead, rootRead)) throw invalid('checksum');
  const uuid = agentHex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { agent: uuid, token: tokenRead, rootDigest: rootRead.toString('hex') };
}

/** Twenty bits: one mistyped character in a million goes unseen, and then the request's MAC fails. */
function checksum(agentHex: string, token: Buffer, root: Buffer): string {
  const whole = Buffer.concat([Buffer.from(agentHex, 'hex'), token, root]);
  return printBase32(hash('sha256', whole, 'buffer').subarray(0, 3)).slice(0, checksumLength);
}

function readSum(text: string): string {
  return text.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
}

function invalid(why: 'form' | 'checksum'): Error {
  return permanent('enrolment-code-invalid', { facts: { why } });
}
