import { z } from 'zod';
import { generateKey } from '../../shared/envelope/keys.ts';
import { createRequest } from '../../shared/envelope/request.ts';
import { parseEnrolmentCode, type EnrolmentCode } from '../../shared/protocol/enrolment-code.ts';
import {
  deriveTokenKey,
  requestFingerprint,
  requestMac,
  verifyGrantMac,
} from '../../shared/protocol/enrolment-mac.ts';
import {
  agentGrant,
  awaitingApproval,
  enrolmentGrant,
  type AgentGrant,
  type EnrolmentGrant,
} from '../../shared/protocol/enrolment.ts';
import { verifyTrustBundle, type TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { asFault, permanent, transient, type Fault } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { createDispatcher, isIntercepted, type TlsSettings } from '../push/connection-client.ts';
import type { ProxySettings } from '../push/proxy.ts';
import { exchange, type Reply } from '../push/receiver-client.ts';
import { readIdentityFile, type SavedIdentity } from './identity-files.ts';
import { saveIdentity } from './identity.ts';

/** A day is what a code is good for. */
const waitForApprovalMs = 24 * 3_600_000;
const askAgainMs = 5000;

const tls = { minVersion: 'TLSv1.3' as const, ALPNProtocols: ['http/1.1'] };

/**
 * From a one-time code to an identity. The first connection trusts nobody and only fetches the bundle, which is then held
 * against the digest in the code; everything after runs over TLS verified by that bundle. The token never travels. With
 * `replace`, an agent that is lost, or has lost its certificates, comes back under its own name: what the old ones could
 * do, they cannot do any more. Faults: `agent-already-enrolled`, `enrolment-other-agent`, `enrolment-code-invalid`,
 * `enrolment-refused`, `enrolment-answer-forged`, `receiver-unreachable`.
 */
export async function enroll(options: {
  readonly url: string;
  readonly code: string;
  readonly state: string;
  readonly proxy: ProxySettings | undefined;
  readonly replace: boolean;
  /** A second person of the region must let this machine in: told once, what that person is to be read. */
  readonly onAwaiting?: (fingerprint: string) => void;
}): Promise<AgentGrant> {
  const code = parseEnrolmentCode(options.code);
  const replaced = await knownIdentity(options, code);
  const { jws, bundle } = await fetchBundle(options, code);
  const [tlsKey, sealKey] = await Promise.all([generateKey(), generateKey()]);
  const unsigned = {
    agent: code.agent,
    tlsRequest: createRequest(tlsKey, code.agent),
    sealRequest: createRequest(sealKey, code.agent),
  };
  const tokenKey = deriveTokenKey(code.token);
  const request = { v: 1, ...unsigned, mac: requestMac(tokenKey, unsigned) };
  const ask = (): Promise<EnrolmentGrant> =>
    withDispatcher(options, { ...tls, ca: [...bundle.authorities] }, (dispatcher, signal) =>
      exchange(
        dispatcher,
        options.url,
        enrolmentGrant,
        { method: 'POST', path: '/v1/enrolments', body: request },
        signal,
      ),
    );
  const answer = await letIn(ask, () => options.onAwaiting?.(requestFingerprint(unsigned)));
  if (!verifyGrantMac(tokenKey, answer)) throw permanent('enrolment-answer-forged');
  const grant = readGrant(answer.grant, code.agent);
  const granted = await verifyTrustBundle(grant.bundle, code.rootDigest, bundle.version);
  if (granted.version === bundle.version && grant.bundle !== jws) throw permanent('enrolment-answer-forged');
  await saveIdentity(options.state, {
    keys: { tls: tlsKey.privateKey, seal: sealKey.privateKey },
    replaced,
    grant,
    rootDigest: code.rootDigest,
    bundleVersion: granted.version,
  });
  return grant;
}

/** As long as somebody may look at it: the same request, for other keys would be another machine. */
async function letIn(ask: () => Promise<EnrolmentGrant>, onAwaiting: () => void): Promise<EnrolmentGrant> {
  const until = AbortSignal.timeout(waitForApprovalMs);
  for (let asked = 0; ; asked += 1) {
    try {
      return await ask();
    } catch (error) {
      if (asFault(error).code !== awaitingApproval || until.aborted) throw error;
    }
    if (asked === 0) onAwaiting();
    await pause(askAgainMs, until);
  }
}

async function knownIdentity(
  { state, replace }: { readonly state: string; readonly replace: boolean },
  code: EnrolmentCode,
): Promise<SavedIdentity | undefined> {
  const known = await readIdentityFile(state).catch((error: unknown) => {
    if (replace && asFault(error).code === 'identity-damaged') return undefined;
    throw error;
  });
  if (known === undefined) return undefined;
  if (!replace) throw permanent('agent-already-enrolled', { facts: { state } });
  // Its queue and its ledgers are those of another agent.
  if (known.grant.agent !== code.agent) throw permanent('enrolment-other-agent', { facts: { state } });
  return known;
}

async function fetchBundle(
  options: { readonly url: string; readonly proxy: ProxySettings | undefined },
  code: EnrolmentCode,
): Promise<{ readonly jws: string; readonly bundle: TrustBundle }> {
  // Not verified on purpose: what it answers is proven by its signature and the pinned digest, nothing else is sent.
  const settings = { ...tls, rejectUnauthorized: false };
  const jws = await withDispatcher(options, settings, (dispatcher, signal) =>
    exchange(dispatcher, options.url, z.string(), { method: 'GET', path: '/v1/trust', text: true }, signal),
  );
  return { jws, bundle: await verifyTrustBundle(jws, code.rootDigest, 0) };
}

async function withDispatcher<T>(
  options: { readonly url: string; readonly proxy: ProxySettings | undefined },
  settings: TlsSettings,
  ask: (dispatcher: ReturnType<typeof createDispatcher>, signal: AbortSignal) => Promise<Reply<T>>,
): Promise<T> {
  const dispatcher = createDispatcher({ connections: 1, proxy: options.proxy }, settings);
  try {
    const reply = await ask(dispatcher, AbortSignal.timeout(60_000));
    if (reply.kind === 'ok') return reply.body;
    const { attempt } = reply;
    const isTrustFault = attempt.kind === 'unanswered' && attempt.code === 'receiver-not-trusted';
    throw isTrustFault && (await isIntercepted(options))
      ? transient('receiver-intercepted')
      : refusal(attempt);
  } finally {
    await dispatcher.destroy();
  }
}

function refusal(attempt: Extract<Reply<never>, { kind: 'failed' }>['attempt']): Fault {
  if (attempt.kind === 'answered' && attempt.class === 'permanent')
    return permanent('enrolment-refused', { facts: { reason: attempt.code } });
  if (attempt.code === awaitingApproval) return transient(attempt.code);
  return transient(/^(receiver|proxy)-/.test(attempt.code) ? attempt.code : 'receiver-unreachable');
}

function readGrant(text: string, agent: string): AgentGrant {
  try {
    const grant = agentGrant.parse(JSON.parse(text));
    if (grant.agent === agent) return grant;
  } catch (cause) {
    throw permanent('enrolment-answer-forged', { cause });
  }
  throw permanent('enrolment-answer-forged');
}
