import { enroll } from '../../agent/enrolment/enroll.ts';
import { createListener } from '../../receiver/app-listener.ts';
import { createEnrolmentApp, createIngestApp } from '../../receiver/app.ts';
import { createIdentify, peerFingerprint } from '../../receiver/auth/agent-identity.ts';
import { createCertifier } from '../../receiver/auth/certifier.ts';
import { inviteAgent } from '../../receiver/auth/enrolment.ts';
import { createAdmission } from '../../receiver/inbox/admission.ts';
import { createIntake } from '../../receiver/inbox/intake.ts';
import { createReceiptBoard } from '../../receiver/inbox/receipt-board.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createLab, facility, quiet, type Lab } from '../unit/receiver/lab.ts';

/** The receiver's doors on loopback, over real TLS, on the lab's clock; and agents that enrol through them. */
export interface RegionDoors {
  readonly lab: Lab;
  /** Fingerprints of the client certificates that asked for something, in order, each once. */
  readonly callers: () => readonly string[];
  /** While true, the ingest door answers that it cannot. */
  refuse(refusing: boolean): void;
  invite(agent?: string): Promise<{ readonly agent: string; readonly code: string }>;
  /** Where agents enrol. */
  enrolmentUrl(): string;
  enroll(state: string, code: string, replace?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The region is made at `startAt`: TLS itself looks at the real time, so start in the past to let time pass. */
export async function openDoors(startAt: number): Promise<RegionDoors> {
  const lab = await createLab(startAt);
  const { store, clock, region, bundle } = lab;
  const stopping = new AbortController();
  const callers = new Set<string>();
  let refusing = false;
  const serving = { requestSeconds: 5, connections: 50, logger: quiet, random: systemRandom };
  const tls = { key: region.serverKeyPem, certificate: region.serverChain };
  const granting = {
    certifier: createCertifier({ issuing: region.issuing, clock, random: systemRandom }),
    bundle,
    ingestUrl: () => `https://localhost:${ingest.address().port}`,
  };
  const app = createIngestApp(
    { ...serving, tls: { ...tls, clientAuthorities: region.authorities } },
    {
      ...{ store, clock, ...granting },
      identify: createIdentify({
        store,
        clock,
        fingerprintOf: (request) => {
          const found = peerFingerprint(request);
          if (found !== undefined) callers.add(found);
          return found;
        },
      }),
      board: createReceiptBoard(),
      admission: createAdmission({ store }),
      intake: createIntake({
        ...{ store, clock, random: systemRandom, logger: quiet, sign: lab.sign },
        onStored: () => undefined,
      }),
      concurrentEnvelopes: 2,
      stopping: stopping.signal,
    },
  );
  app.addHook('preHandler', async (_request, reply) => {
    if (refusing) await reply.code(503).send({ code: 'receiver-storage-full', class: 'transient' });
  });
  const ingest = createListener('ingest', app, { host: '127.0.0.1', port: 0 });
  const enrolment = createListener(
    'enrolment',
    createEnrolmentApp({ ...serving, tls }, { store, clock, ...granting }),
    { host: '127.0.0.1', port: 0 },
  );
  await ingest.start();
  await enrolment.start();
  const enrolmentUrl = (): string => `https://localhost:${enrolment.address().port}`;
  return {
    lab,
    callers: () => [...callers],
    refuse: (on) => {
      refusing = on;
    },
    invite: (agent) =>
      inviteAgent(agent === undefined ? { name: 'Agent', facilities: [facility] } : { agent }, {
        ...{ store, clock, random: systemRandom },
        rootDigest: region.rootDigest,
      }),
    enrolmentUrl,
    enroll: async (state, code, replace = false) => {
      await enroll({ url: enrolmentUrl(), code, state, proxy: undefined, replace });
    },
    close: async () => {
      stopping.abort();
      await ingest.stop();
      await enrolment.stop();
      await lab.close();
    },
  };
}
