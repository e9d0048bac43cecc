import { eventually } from '../../fault/live.ts';
import { finess } from '../../support/rpu-text.ts';
import type { Machine } from './machine.ts';

/** A region on a machine that has the receiver's package: its commands are typed there as its operator types them. */
export interface InstalledRegion {
  readonly machine: Machine;
  readonly state: string;
  /** Folder of its destinations: `oscour` under it. */
  readonly out: string;
  /** As agents of a machine beside it reach it. */
  readonly enrolmentUrl: string;
  readonly facility: string;
  /** A code that enrols an agent of the facility. */
  invite(name: string): Promise<string>;
  /** `verify`: throws unless every ledger and the audit hold. */
  verify(): Promise<void>;
  serve(): Promise<void>;
  pause(): Promise<void>;
}

export const receiverConfig = '/etc/vaguemestre/receiver.yaml';
const out = '/var/lib/vaguemestre/receiver-dispatches';
const unit = 'vaguemestre-receiver.service';

/** The facility whose exports `planExport(0, n)` invents. */
export const facility = finess(700);

export async function makeRegion(machine: Machine): Promise<InstalledRegion> {
  await machine.write(receiverConfig, `${JSON.stringify(settings, null, 2)}\n`);
  await machine.run('vaguemestre-receiver init');
  await machine.run(`vaguemestre-receiver facility add ${facility} --name 'Hôpital d’essai'`);
  const serve = async (): Promise<void> => {
    await machine.run(`systemctl start ${unit}`);
    await eventually('the region answers', async () => (await isReady(machine)) || undefined, 60);
  };
  await machine.run(`systemctl enable ${unit}`);
  await serve();
  return {
    machine,
    ...{ state: machine.at('/var/lib/vaguemestre/receiver'), out: machine.at(out), facility },
    enrolmentUrl: 'https://localhost:8444',
    invite: async (name) => {
      const said = await machine.run(
        `vaguemestre-receiver agent invite --name '${name}' --facilities ${facility} --json`,
      );
      return (JSON.parse(said) as { code: string }).code;
    },
    verify: async () => {
      await machine.run('vaguemestre-receiver verify');
    },
    serve,
    pause: async () => {
      await machine.run(`systemctl stop ${unit}`);
    },
  };
}

/** It listens where agents push: something that answers TLS stands there. */
async function isReady(machine: Machine): Promise<boolean> {
  const { code } = await machine.try(
    'openssl s_client -connect localhost:8443 </dev/null 2>/dev/null | grep -q "BEGIN CERTIFICATE"',
  );
  return code === 0;
}

const settings = {
  state: '/var/lib/vaguemestre/receiver',
  region: 'Région d’essai',
  hosts: ['localhost'],
  listeners: {
    ingest: { host: '127.0.0.1' },
    enrolment: { host: '127.0.0.1' },
  },
  destinations: [
    {
      ...{ name: 'oscour', feed: 'ed-visits', format: 'oscour-xml' },
      transport: { kind: 'directory', folder: `${out}/oscour` },
    },
  ],
};
