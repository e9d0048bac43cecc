import { afterEach, describe, expect, it } from 'vitest';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { foreign, now, openFacilityLab, own, today, yesterday, type FacilityLab } from './kit.ts';

const operator = viewerAs('regional-operator');
const hospital = viewerAs('hospital-admin', { facilities: new Set([own]) });
const path = `/etablissements/${own}`;

let lab: FacilityLab;
afterEach(() => lab.close());

/** A facility with a year of habits and a fortnight of exports up to `last`. */
async function habitual(last: Day, options: Parameters<typeof openFacilityLab>[0] = {}): Promise<void> {
  lab = await openFacilityLab(options);
  await lab.remember((today - 400) as Day, (today - 15) as Day, () => 100);
  for (let day = (today - 14) as Day; day <= last; day = (day + 1) as Day) await lab.send(day, [100]);
  await lab.heartbeat();
}
const sentence = (text: string): string => /<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? '';
const page = async (query = ''): Promise<string> => (await lab.get(`${path}${query}`, operator)).text;

describe('the page of a facility', () => {
  it('says that a facility transmits normally, with its last file', async () => {
    await habitual(yesterday);
    const text = await page();
    expect(sentence(text)).toBe('CH de Montrevel transmet normalement.');
    expect(text).toContain('Dernier fichier reçu à 02:00\u00a0: 100 passages du 19 nov.');
  });
});
