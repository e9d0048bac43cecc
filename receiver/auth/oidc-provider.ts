import { readFile } from 'node:fs/promises';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  type Configuration,
} from 'openid-client';
import { permanent, systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Vouched } from '../accounts/vouched-account.ts';
import type { IdentityProviderConfig } from '../config-portal.ts';

/**
 * The provider of identities (OpenID Connect, code flow with PKCE, state and nonce). Looked up when it is first needed and
 * again until it answered: pages and passwords do not wait for it.
 */
export interface IdentityProvider {
  /** Where to send somebody. Throws `provider-unreachable` and `provider-secret-unreadable`. */
  start(returnTo: string): Promise<ProviderStart>;
  /** Of the address they came back to. Throws `provider-unreachable` and `provider-refused`. */
  finish(cameBackTo: URL, expected: ProviderSecrets): Promise<Vouched>;
}

export interface ProviderSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface ProviderStart extends ProviderSecrets {
  readonly url: string;
}

const timeoutSeconds = 10;

export function createIdentityProvider(settings: IdentityProviderConfig, random: Random): IdentityProvider {
  const known = createLookup(settings);
  const secret = (): string => random.bytes(32).toString('base64url');
  return {
    start: async (returnTo) => {
      const configuration = await known();
      const secrets = { state: secret(), nonce: secret(), verifier: secret() };
      const url = buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: returnTo, scope: settings.scopes.join(' ') },
        ...{ state: secrets.state, nonce: secrets.nonce, code_challenge_method: 'S256' },
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        ...(settings.acr === undefined ? {} : { acr_values: settings.acr }),
      });
      return { ...secrets, url: url.href };
    },
    finish: async (cameBackTo, { state, nonce, verifier }) => {
      const configuration = await known();
      try {
        const tokens = await authorizationCodeGrant(configuration, cameBackTo, {
          ...{
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
        });
        const claims = tokens.claims();
        if (claims === undefined) throw permanent('provider-refused');
        if (settings.acr !== undefined && claims['acr'] !== settings.acr) throw permanent('provider-refused');
        const more =
          configuration.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await fetchUserInfo(configuration, tokens.access_token, claims.sub);
        return vouchedBy({ ...claims, ...more }, claims.iss, claims.sub, settings);
      } catch (error) {
        throw faultOf(error);
      }
    },
  };
}

function createLookup(settings: IdentityProviderConfig): () => Promise<Configuration> {
  let found: Promise<Configuration> | undefined;
  const look = async (): Promise<Configuration> => {
    const { issuer, clientId, clientSecretFile, allowInsecure } = settings;
    const secret = await readFile(clientSecretFile, 'utf8').catch((error: unknown) => {
      const facts = { file: clientSecretFile, reason: systemCode(error) ?? '' };
      throw permanent('provider-secret-unreadable', { facts, cause: error });
    });
    try {
      return await discovery(new URL(issuer), clientId, secret.trim(), undefined, {
        timeout: timeoutSeconds,
        // Marked as not for everyday use by the library; settings allow it on loopback only.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        ...(allowInsecure ? { execute: [allowInsecureRequests] } : {}),
      });
    } catch (error) {
      throw transient('provider-unreachable', { cause: error });
    }
  };
  return () => {
    found ??= look().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

function vouchedBy(
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  subject: string,
  settings: IdentityProviderConfig,
): Vouched {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '');
  const amr = Array.isArray(claims['amr']) ? (claims['amr'] as unknown[]) : [];
  return {
    identity: { issuer, subject },
    // An address that nobody checked is only what somebody typed.
    email: claims['email_verified'] === true ? text('email').trim().toLowerCase() : '',
    name: text('name'),
    roles: rolesIn(claims, settings.roles?.claim ?? ''),
    strong: settings.acr !== undefined || amr.some((way) => way === 'mfa' || way === 'otp'),
  };
}

function rolesIn(claims: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  let found: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return [];
    found = (found as Record<string, unknown>)[name];
  }
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.filter((role): role is string => typeof role === 'string');
}

/** A network that failed is not an answer that was wrong. */
function faultOf(error: unknown): Fault {
  const code = systemCode(error) ?? '';
  const failed = error instanceof TypeError && error.message === 'fetch failed';
  return failed || code === 'OAUTH_TIMEOUT'
    ? transient('provider-unreachable', { cause: error })
    : permanent('provider-refused', { cause: error });
}
