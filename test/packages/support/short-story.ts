import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../../../installers/common/bundle.ts';
import { count } from '../../fault/live.ts';
import { openWorkshop, type Built, type Workshop } from './build.ts';
import { agentConfig, answersFile, makeHospital, sourceFolder, type Hospital } from './hospital.ts';
import { bootMachine, type Machine } from './machine.ts';
import { makeRegion, type InstalledRegion } from './region.ts';
import { tellInOrder } from './story.ts';
import type { Format } from './format.ts';

/** From two bare machines to a removal: install, enrol, send, upgrade over a queue, remove, and come back. */
export function tellShortStory(format: Format): void {
  tellInOrder();
  let workshop: Workshop;
  let [old, young]: (Built | undefined)[] = [];
  let center: Machine;
  let server: Machine;
  let region: InstalledRegion;
  let hospital: Hospital;

  beforeAll(async () => {
    workshop = await openWorkshop();
    old = await workshop.build('0.1.0', [format.name]);
    young = await workshop.build('0.2.0', [format.name]);
    center = await bootMachine('region');
    server = await bootMachine('hospital', { beside: center });
    for (const machine of [center, server]) await format.prepare(machine);
  });
  afterAll(async () => {
    await server.stop();
    await center.stop();
    await workshop.close();
  });

  async function bring(machine: Machine, built: Built | undefined, product: string): Promise<string> {
    const file = built?.file(product, format.end) ?? '';
    const to = `/opt/${file.split('/').at(-1) ?? ''}`;
    if (!existsSync(machine.at(to))) await machine.put(file, to);
    return to;
  }

  it('makes a region', async () => {
    await center.run(format.install(await bring(center, old, 'vaguemestre-receiver-')));
    region = await makeRegion(center);
    expect(await center.run('systemctl is-enabled vaguemestre-receiver-backup.timer')).toBe('enabled\n');
  });

  it('goes from a bare machine to the first receipt by one script', async () => {
    hospital = await makeHospital(server, region);
    const { name, content } = hospital.next();
    await server.write(`/opt/${name}`, content);
    await server.put(join(repository, 'installers/linux/first-receipt.sh'), '/opt/first-receipt.sh');
    const file = await bring(server, old, 'vaguemestre-agent-');
    const said = await server.run(
      `sh /opt/first-receipt.sh --package ${file} --answers ${answersFile} --export /opt/${name} --source-folder ${sourceFolder}`,
    );
    process.stdout.write(`first receipt: ${said.trim().split('\n').at(-1) ?? ''}\n`);
    await hospital.arrives();
    expect(await server.run('systemctl is-enabled vaguemestre-agent')).toBe('enabled\n');
  });

  it('upgrades over a queue, keeps what was edited, loses nothing and takes nothing twice', async () => {
    await server.run(`echo '# by hand' >> ${agentConfig} && echo 'BY_HAND=1' >> ${format.environmentFile}`);
    await region.pause();
    hospital.drop(30);
    await hospital.read();
    const queued = hospital.unsent();
    expect(queued).toBeGreaterThan(20);
    await server.run(format.install(await bring(server, young, 'vaguemestre-agent-')));
    expect(await hospital.version()).toBe('0.2.0');
    expect(await hospital.active()).toBe(true);
    expect(hospital.unsent()).toBe(queued);
    await center.run(format.install(await bring(center, young, 'vaguemestre-receiver-')));
    await region.serve();
    await hospital.arrives();
    expect(await server.read(agentConfig)).toContain('# by hand');
    expect(await server.read(format.environmentFile)).toContain('BY_HAND=1');
    expect(readdirSync(server.at('/usr/lib/vaguemestre-agent/versions'))).toEqual(['0.2.0']);
  });

  it('is removed without its data, and goes on where it was when it comes back', async () => {
    await region.pause();
    hospital.drop(3);
    await hospital.read();
    const file = await bring(server, young, 'vaguemestre-agent-');
    await server.run(format.remove('vaguemestre-agent', file));
    expect(existsSync(server.at('/usr/lib/vaguemestre-agent'))).toBe(false);
    expect(existsSync(server.at('/usr/bin/vaguemestre-agent'))).toBe(false);
    expect((await server.try('systemctl is-active vaguemestre-agent')).out.trim()).toBe('inactive');
    expect(existsSync(server.at(agentConfig))).toBe(true);
    expect(count(join(hospital.state, 'agent.db'), 'select count(*) n from exports')).toBeGreaterThan(3);
    await server.run(format.install(file));
    expect(await hospital.active()).toBe(true);
    await region.serve();
    await hospital.arrives();
  });

  it('purges on an explicit word only, and then leaves nothing of ours', async () => {
    await region.pause();
    hospital.drop(2);
    await hospital.read();
    await server.run('systemctl stop vaguemestre-agent');
    const { code, out, err } = await server.try('vaguemestre-agent purge --yes');
    expect({ refused: code !== 0, why: out + err }).toMatchObject({
      refused: true,
      why: expect.stringContaining('purge-unsent') as string,
    });
    expect(hospital.unsent()).toBe(2);
    await server.run('vaguemestre-agent purge --lose-unsent --yes');
    await server.run(format.remove('vaguemestre-agent', await bring(server, young, 'vaguemestre-agent-')));
    for (const path of ['/var/lib/vaguemestre/agent', '/var/lib/vaguemestre/releases', agentConfig])
      expect({ path, there: existsSync(server.at(path)) }).toEqual({ path, there: false });
    expect(hospital.astray()).toEqual([]);
    expect(await server.run('systemctl --failed --no-legend')).toBe('');
  });
}
