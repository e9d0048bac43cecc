import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { EnrolmentGrant, EnrolmentRequest } from './enrolment.ts';

/**
 * The two MACs of an enrolment, under different labels so that neither can be played back as the other. Their key is
 * derived from the token, so that what the receiver keeps until the code is used is not the code itself.
 */
export function deriveTokenKey(token: Buffer): Buffer {
  return createHmac('sha256', token).update('vaguemestre-enrol-token-v1').digest();
}

export function requestMac(tokenKey: Buffer, request: Omit<EnrolmentRequest, 'v' | 'mac'>): string {
  return mac(tokenKey, 'vaguemestre-enrol-request-v1', [
    request.agent,
    request.tlsRequest,
    request.sealRequest,
  ]).toString('base64url');
}

/**
 * What two people compare where a second one lets a machine in: the start of the SHA-256 of its requests, in groups of four,
 * as it is read aloud.
 */
export function requestFingerprint({
  tlsRequest,
  sealRequest,
}: Pick<EnrolmentRequest, 'tlsRequest' | 'sealRequest'>): string {
  const digest = hash('sha256', ['vaguemestre-enrol-approve-v1', tlsRequest, sealRequest].join('\0'), 'hex');
  return digest.slice(0, 32).replace(/(.{4})(?!$)/g, '$1 ');
}

export function verifyRequestMac(tokenKey: Buffer, request: EnrolmentRequest): boolean {
  return sameMac(requestMac(tokenKey, request), request.mac);
}

/** `grant` is the JSON text of the AgentGrant, exactly as sent. */
export function grantMac(tokenKey: Buffer, grant: string): string {
  return mac(tokenKey, 'vaguemestre-enrol-grant-v1', [grant]).toString('base64url');
}

export function verifyGrantMac(tokenKey: Buffer, answer: EnrolmentGrant): boolean {
  return sameMac(grantMac(tokenKey, answer.grant), answer.mac);
}

function mac(key: Buffer, label: string, parts: readonly string[]): Buffer {
  return createHmac('sha256', key)
    .update([label, ...parts].join('\0'))
    .digest();
}

function sameMac(expected: string, given: string): boolean {
  const left = Buffer.from(expected, 'latin1');
  const right = Buffer.from(given, 'latin1');
  return left.length === right.length && timingSafeEqual(left, right);
}
