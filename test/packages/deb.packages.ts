import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../installers/common/bundle.ts';
import { count, eventually } from '../fault/live.ts';
import { brokenUpdate } from './support/broken-release.ts';
import { openWorkshop, type Built, type Workshop } from './support/build.ts';
import {
  agentConfig,
  answersFile,
  codeFile,
  makeHospital,
  sourceFolder,
  type Hospital,
} from './support/hospital.ts';
import { bootMachine, type Machine } from './support/machine.ts';
import { canTry, machineTools } from './support/need.ts';
import { makeRegion, receiverConfig, type InstalledRegion } from './support/region.ts';
import { tellInOrder } from './support/story.ts';
import { watchForSecret } from './support/watch-secret.ts';

const tried = canTry([...machineTools, 'dpkg-deb'], 'the .deb are not installed on a booted Debian');

const home = '/usr/lib/vaguemestre-agent';
const environmentFile = '/etc/default/vaguemestre-agent';

/**
 * A region and a hospital, from bare machines to the last purge. One story: each part stands on what the part before left.
 */
describe.runIf(tried)('Debian packages on booted machines', () => {
  tellInOrder();
  let workshop: Workshop;
  let [old, young, newest]: (Built | undefined)[] = [];
  let center: Machine;
  let server: Machine;
  let region: InstalledRegion;
  let hospital: Hospital;

  beforeAll(async () => {
    workshop = await openWorkshop();
    old = await workshop.build('0.1.0', ['deb']);
    young = await workshop.build('0.2.0', ['deb']);
    newest = await workshop.build('0.5.0', ['deb']);
    center = await bootMachine('region');
    server = await bootMachine('hospital', { beside: center });
  });
  afterAll(async () => {
    await server.stop();
    await center.stop();
    await workshop.close();
  });

  /** A package brought to a machine: its path there. */
  async function bring(
    machine: Machine,
    built: Built | undefined,
    product: string,
    end = '.deb',
  ): Promise<string> {
    const file = built?.file(product, end) ?? '';
    const to = `/opt/${file.split('/').at(-1) ?? ''}`;
    if (!existsSync(machine.at(to))) await machine.put(file, to);
    return to;
  }

  const pid = async (): Promise<string> =>
    (await server.run('systemctl show -P MainPID vaguemestre-agent')).trim();
  const agentDatabase = (): string => join(hospital.state, 'agent.db');

  describe('a region', () => {
    it('is installed and serves under its unit', async () => {
      await center.run(`dpkg -i ${await bring(center, old, 'vaguemestre-receiver_')}`);
      // Nothing is started that nobody has configured.
      expect((await center.try('systemctl is-active vaguemestre-receiver')).out.trim()).toBe('inactive');
      region = await makeRegion(center);
      expect(await center.run('systemctl is-active vaguemestre-receiver')).toBe('active\n');
      expect(await center.run(`ps -o user= -p $(systemctl show -P MainPID vaguemestre-receiver)`)).toMatch(
        /^vague/,
      );
    });

    it('is sealed off as tightly as its unit says', async () => {
      expect(await exposureOf(center, 'vaguemestre-receiver.service')).toBeLessThanOrEqual(1.5);
      expect(await exposureOf(center, 'vaguemestre-receiver-backup.service')).toBeLessThanOrEqual(1.5);
    });

    it('is saved every night, and the saving can be read again with the recovery key', async () => {
      expect(await center.run('systemctl list-timers --all')).toContain('vaguemestre-receiver-backup.timer');
      expect(await center.run('systemctl is-enabled vaguemestre-receiver-backup.timer')).toBe('enabled\n');
      await center.run('systemctl start vaguemestre-receiver-backup.service');
      const [backup] = backups();
      expect(backup).toBeDefined();
      await center.run(
        `vaguemestre-receiver restore --verify /var/lib/vaguemestre/receiver-backups/${backup ?? ''} --recovery-key /var/lib/vaguemestre/receiver/keys/recovery/recovery.key`,
      );
    });
  });

  const backups = (): string[] =>
    readdirSync(center.at('/var/lib/vaguemestre/receiver-backups')).filter((name) =>
      name.endsWith('.vgm-backup'),
    );

  describe('a hospital', () => {
    it('goes from a bare machine to the first receipt by one script, and its code is seen nowhere', async () => {
      hospital = await makeHospital(server, region);
      const { name, content } = hospital.next();
      await server.write(`/opt/${name}`, content);
      const script = join(repository, 'installers/linux/first-receipt.sh');
      await server.put(script, '/opt/first-receipt.sh');
      const endWatch = await watchForSecret(server, hospital.token);
      const file = await bring(server, old, 'vaguemestre-agent_');
      const said = await server.run(
        `sh /opt/first-receipt.sh --package ${file} --answers ${answersFile} --export /opt/${name} --source-folder ${sourceFolder}`,
        { seconds: 600 },
      );
      process.stdout.write(`first receipt: ${said.trim().split('\n').at(-1) ?? ''}\n`);
      expect(said).toMatch(/\d+ s/);
      expect(await endWatch()).toBe('');
      expect(await server.run('journalctl --sync; journalctl --no-pager --output export')).not.toContain(
        hospital.token,
      );
      expect(
        await server.run(`grep -rlF -f - /etc /var/lib/vaguemestre /opt /root /srv /run/systemd || true`, {
          input: hospital.token,
        }),
      ).toBe('');
      expect(existsSync(server.at(codeFile))).toBe(false);
      await hospital.arrives();
    });

    it('runs the agent as its account, started with the machine, and sealed off', async () => {
      expect(await server.run('systemctl is-enabled vaguemestre-agent')).toBe('enabled\n');
      expect(await server.run(`ps -o user= -p ${await pid()}`)).toMatch(/^vague/);
      expect(await exposureOf(server, 'vaguemestre-agent.service')).toBeLessThanOrEqual(1.5);
      // It cannot write its own code, nor what decides which of it runs.
      for (const path of [home, `${home}/versions`, '/var/lib/vaguemestre/releases'])
        expect((await server.try(`runuser -u vaguemestre -- test -w ${path}`)).code).toBe(1);
    });
  });

  describe('an upgrade', () => {
    it('over a full queue, while exports come, loses nothing and takes nothing twice', async () => {
      await server.run(`echo '# by hand' >> ${agentConfig} && echo 'BY_HAND=1' >> ${environmentFile}`);
      await region.pause();
      hospital.drop(200);
      await hospital.read();
      const queued = hospital.unsent();
      expect(queued).toBeGreaterThan(150);
      const before = await pid();
      const upgrade = server.run(`dpkg -i ${await bring(server, young, 'vaguemestre-agent_')}`);
      hospital.drop(20);
      await upgrade;
      expect(await hospital.version()).toBe('0.2.0');
      expect(await hospital.active()).toBe(true);
      expect(await pid()).not.toBe(before);
      await hospital.read();
      expect(hospital.unsent()).toBeGreaterThanOrEqual(queued);
      await region.serve();
      await hospital.arrives();
    });

    it('keeps what was edited', async () => {
      expect(await server.read(agentConfig)).toContain('# by hand');
      expect(await server.read(environmentFile)).toContain('BY_HAND=1');
    });

    it('of the region takes a backup first, and serving goes on', async () => {
      const before = backups().length;
      await center.run(`dpkg -i ${await bring(center, young, 'vaguemestre-receiver_')}`);
      expect(backups().length).toBe(before + 1);
      await region.serve();
      hospital.drop(2);
      await hospital.arrives();
    });
  });

  describe('an update by file', () => {
    it('runs once it was proven and agreed to', async () => {
      const update = await workshop.build('0.3.0', ['update-linux-x64']);
      const file = await bring(server, update, 'vaguemestre-agent-', '.vgm-update');
      // Nobody there to ask, nothing agreed to.
      expect((await server.try(`vaguemestre-agent update --file ${file}`)).code).not.toBe(0);
      expect(await hospital.version()).toBe('0.2.0');
      await server.run(`vaguemestre-agent update --file ${file} --yes`, { seconds: 400 });
      expect(await hospital.version()).toBe('0.3.0');
      expect(await hospital.active()).toBe(true);
      hospital.drop(3);
      await hospital.arrives();
    });

    it('that nobody signed changes nothing', async () => {
      const good = await bring(
        server,
        await workshop.build('0.4.0', ['update-linux-x64']),
        'vaguemestre-agent-',
        '.vgm-update',
      );
      const stranger = await openWorkshop();
      try {
        await brokenUpdate(server.at(good), {
          ...{ words: ';', keyFile: stranger.keyFile },
          to: server.at('/opt/stranger.vgm-update'),
        });
      } finally {
        await stranger.close();
      }
      expect((await server.try('vaguemestre-agent update --file /opt/stranger.vgm-update --yes')).code).toBe(
        1,
      );
      expect(await hospital.version()).toBe('0.3.0');
    });

    it('that cannot even pass its own test changes nothing', async () => {
      await brokenUpdate(server.at('/opt/vaguemestre-agent-0.4.0-linux-x64.vgm-update'), {
        ...{ words: 'process.exit(9);', keyFile: workshop.keyFile },
        to: server.at('/opt/dead.vgm-update'),
      });
      expect((await server.try('vaguemestre-agent update --file /opt/dead.vgm-update --yes')).code).toBe(1);
      expect(await hospital.version()).toBe('0.3.0');
      expect(await hospital.active()).toBe(true);
    });

    it('that dies when it is to work gives way after three starts to the version before, told, and nothing is lost', async () => {
      await brokenUpdate(server.at('/opt/vaguemestre-agent-0.4.0-linux-x64.vgm-update'), {
        ...{ words: `if (process.argv[2] === 'run') process.exit(1);`, keyFile: workshop.keyFile },
        to: server.at('/opt/broken.vgm-update'),
      });
      const said = await server.try('vaguemestre-agent update --file /opt/broken.vgm-update --yes', {
        seconds: 400,
      });
      expect(said.code).not.toBe(0);
      hospital.drop(5);
      await eventually('the version before runs', async () => (await hospital.active()) || undefined, 120);
      expect(await hospital.version()).toBe('0.3.0');
      const trial = JSON.parse(await server.read('/var/lib/vaguemestre/agent/trial.json')) as object;
      expect(trial).toMatchObject({ version: '0.4.0', starts: 3, healthy: false });
      expect(await server.journal('vaguemestre-agent')).toContain('0.4.0');
      expect((await server.try('vaguemestre-agent status')).out).toContain('0.4.0');
      await hospital.arrives();
    });
  });

  describe('dpkg killed half-way', () => {
    it.each([1, 2, 3])('leaves something whole that runs (%i)', async (nth) => {
      const file = await bring(server, newest, 'vaguemestre-agent_');
      const program = `${home}/versions/0.5.0`;
      // Once as soon as it unpacks, once when the runtime is being laid, once when the new version is.
      const seen = [`${home}/*.dpkg-new`, `${home}/runtime/node.dpkg-new`, `${program}/*`][nth - 1] ?? '';
      const { out } = await server.try(`
        dpkg -i ${file} >/dev/null 2>&1 & dpkg=$!
        while kill -0 $dpkg 2>/dev/null; do
          for path in ${seen}; do [ -e "$path" ] && { kill -9 $dpkg; pkill -9 -P $dpkg; echo killed; break 2; }; done
        done
        wait $dpkg`);
      expect(out.trim()).toBe('killed');
      expect(await hospital.version()).toMatch(/^0\.[235]\.0$/);
      await server.run('systemctl start vaguemestre-agent');
      await eventually('the agent runs', async () => (await hospital.active()) || undefined);
      hospital.drop(2);
      await hospital.arrives();
    });

    it('is finished by installing again', async () => {
      await server.try('dpkg --configure -a');
      await server.run(`dpkg -i ${await bring(server, newest, 'vaguemestre-agent_')}`);
      expect(await hospital.version()).toBe('0.5.0');
      expect(await hospital.active()).toBe(true);
      expect(await server.run('dpkg --audit')).toBe('');
      expect(readdirSync(server.at(`${home}/versions`))).toEqual(['0.5.0']);
      hospital.drop(2);
      await hospital.arrives();
    });
  });

  describe('the way back', () => {
    const schema = (statement: string): Promise<string> =>
      server.run(
        `runuser -u vaguemestre -- ${home}/runtime/node -e "const d = new (require('node:sqlite').DatabaseSync)('/var/lib/vaguemestre/agent/agent.db'); console.log(Object.values(d.prepare('${statement}').get() ?? {})[0] ?? '')"`,
      );

    it('is refused to a version that could not read the data', async () => {
      await server.run('systemctl stop vaguemestre-agent');
      const [step, floor] = [await schema('pragma user_version'), await schema('pragma application_id')];
      await schema('pragma user_version = 999');
      await schema('pragma application_id = 999');
      const file = await bring(server, young, 'vaguemestre-agent_');
      const { code, out, err } = await server.try(`dpkg -i ${file}`);
      await schema(`pragma user_version = ${step.trim()}`);
      await schema(`pragma application_id = ${floor.trim()}`);
      expect(code).not.toBe(0);
      expect(out + err).toContain('package-downgrade');
      await server.run('systemctl start vaguemestre-agent');
      expect(await hospital.version()).toBe('0.5.0');
      await eventually('the agent runs', async () => (await hospital.active()) || undefined);
    });

    it('is open to one that can', async () => {
      await server.run(`dpkg -i ${await bring(server, young, 'vaguemestre-agent_')}`);
      expect(await hospital.version()).toBe('0.2.0');
      expect(await hospital.active()).toBe(true);
      hospital.drop(2);
      await hospital.arrives();
    });
  });

  describe('removing', () => {
    async function leaveUnsent(): Promise<void> {
      await region.pause();
      hospital.drop(3);
      await hospital.read();
      expect(hospital.unsent()).toBe(3);
    }
    const accounts = async (): Promise<string> => server.run('getent passwd vaguemestre || true');

    it('keeps configuration, state and account', async () => {
      await leaveUnsent();
      await server.run('dpkg --remove vaguemestre-agent');
      expect(existsSync(server.at(home))).toBe(false);
      expect(existsSync(server.at(agentConfig))).toBe(true);
      expect(count(agentDatabase(), 'select count(*) n from exports')).toBeGreaterThan(0);
      expect(await accounts()).not.toBe('');
    });

    it('is no purge while something is unsent', async () => {
      const { code, err, out } = await server.try('dpkg --purge vaguemestre-agent');
      expect(code).not.toBe(0);
      expect(out + err).toMatch(/package-unsent[^\n]*\b3\b/);
      expect(existsSync(agentDatabase())).toBe(true);
      expect(existsSync(server.at(agentConfig))).toBe(true);
    });

    it('can be taken back: the agent goes on where it was', async () => {
      await server.run(`dpkg -i ${await bring(server, newest, 'vaguemestre-agent_')}`);
      expect(await hospital.active()).toBe(true);
      await region.serve();
      await hospital.arrives();
    });

    it('with the explicit word leaves nothing of ours and everything of the hospital’s', async () => {
      await leaveUnsent();
      expect((await server.try('dpkg --purge vaguemestre-agent')).code).not.toBe(0);
      await server.run('VAGUEMESTRE_PURGE=lose-unsent dpkg --purge vaguemestre-agent');
      const ours = [
        '/etc/vaguemestre',
        '/var/lib/vaguemestre',
        home,
        environmentFile,
        '/usr/bin/vaguemestre-agent',
      ];
      for (const path of [...ours, '/etc/systemd/system/vaguemestre-agent.service.d'])
        expect({ path, there: existsSync(server.at(path)) }).toEqual({ path, there: false });
      expect(await accounts()).toBe('');
      expect(await server.run('dpkg --list "vaguemestre*" 2>/dev/null | grep -c ^.[ic] || true')).toBe('0\n');
      expect(hospital.astray()).toEqual([]);
      expect(await server.run('systemctl --failed --no-legend')).toBe('');
    });

    it('never takes a region with it by accident', async () => {
      const { code, out, err } = await center.try('dpkg --purge vaguemestre-receiver');
      expect(code).not.toBe(0);
      expect(out + err).toContain('package-region');
      expect(existsSync(join(region.state, 'receiver.db'))).toBe(true);
      await center.run('VAGUEMESTRE_PURGE=lose-region dpkg --purge vaguemestre-receiver');
      expect(existsSync(center.at(receiverConfig))).toBe(false);
      expect(existsSync(region.state)).toBe(false);
      // Sealed, and what a region is made again from.
      expect(backups().length).toBeGreaterThan(0);
    });
  });
});

async function exposureOf(machine: Machine, unit: string): Promise<number> {
  const said = await machine.run(`systemd-analyze security --no-pager ${unit}`);
  const exposure = /Overall exposure level[^:]*: ([\d.]+)/.exec(said)?.[1];
  if (exposure === undefined) throw new Error(said);
  return Number(exposure);
}
