import { fingerprint, type CertifiedKey } from '../../shared/envelope/keys.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createAuthority } from '../pki/authority.ts';
import { readRequest } from '../pki/requests.ts';
import type { AgentCertifier } from './grants.ts';

/** The region's issuing authority as the agents' doors see it. */
export function createCertifier(deps: {
  /** Looked at whenever something is issued: it may have changed. */
  readonly issuing: CertifiedKey;
  readonly clock: Clock;
  readonly random: Random;
}): AgentCertifier {
  return {
    certify: async ({ use, request, ...subject }) => {
      const key = readRequest(request);
      const authority = createAuthority(deps.issuing, deps);
      const certificate =
        use === 'tls' ? authority.issueAgentTls(key, subject) : authority.issueAgentSeal(key, subject);
      return {
        pem: certificate.toString(),
        fingerprint: fingerprint(certificate),
        notAfter: Date.parse(certificate.validTo),
      };
    },
  };
}
