import { writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { doctorFindings } from '../../shared/i18n/terminal-agent-doctor-findings.ts';
import { ticketTexts as texts } from '../../shared/i18n/terminal-agent-doctor.ts';
import { shownFacts, shownInstant } from '../../shared/i18n/shown.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import { fingerprint, readCertificate } from '../../shared/envelope/keys.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { namesCheck, regionCheck, resolve, tlsCheck, wayCheck } from '../health/doctor/check-network.ts';
import { examine } from '../health/doctor/examine.ts';
import type { Examined } from '../health/doctor/finding.ts';
import { commonName, targetOf } from '../health/doctor/network.ts';
import type { Surroundings } from './command.ts';

/** The request for the network team: no secret, no value of a patient. To stdout, or to the file named. Faults: `ticket-no-address`. */
export async function doctorTicketCommand(
  context: Surroundings,
  examined: Examined,
  file: string | true,
): Promise<number> {
  const { language } = context;
  if (examined.url === undefined) throw permanent('ticket-no-address');
  const text = await write(examined, examined.url, language);
  if (file !== true) {
    await writeFile(file, `${text}\n`, { mode: 0o640 });
    if (context.json) context.print(JSON.stringify({ file }));
    else context.print(fill(texts.written[language], { file }));
  } else context.print(context.json ? JSON.stringify({ ticket: text }) : text);
  return 0;
}

async function write(examined: Examined, url: string, language: Language): Promise<string> {
  const say = (key: keyof typeof texts, facts: Record<string, string | number> = {}): string =>
    fill(texts[key][language], facts);
  const { host, port } = targetOf(url);
  const found = await resolve(host);
  const { proxy, identity, clock } = examined;
  const observed = await observations(examined, language);
  return [
    say('head'),
    '',
    say('from', { name: hostname(), addresses: ownAddresses().join(', ') }),
    say('to', { host, port }),
    say('addresses', { addresses: typeof found === 'string' ? say('unknown') : found.join(', ') }),
    say('direction'),
    say('protocol'),
    proxy === undefined ? say('noProxy') : say('proxy', { proxy: proxy.url }),
    '',
    say('noInspection'),
    '',
    ...(identity === undefined ? [] : [say('root', { fingerprint: identity.rootDigest })]),
    ...(identity?.bundle().authorities ?? []).map((pem) => {
      const authority = readCertificate(pem);
      return say('authority', { name: commonName(authority.subject), fingerprint: fingerprint(authority) });
    }),
    '',
    say('observed', { at: shownInstant(clock.now(), language) }),
    ...(observed.length === 0 ? [say('nothing')] : observed.map((line) => `  - ${line}`)),
    '',
    say('test'),
    `  ${opensslCommand(host, port, proxy?.url)}`,
  ].join('\n');
}

async function observations(examined: Examined, language: Language): Promise<readonly string[]> {
  const all = await examine([namesCheck, wayCheck, tlsCheck, regionCheck], examined, () => undefined);
  return all.flatMap(({ findings }) =>
    findings
      .filter(({ level }) => level !== 'ok')
      .map(({ code, facts = {} }) => {
        const text = doctorFindings[code]?.message[language];
        const shown = shownFacts(facts, language);
        return `${text === undefined ? describeCode(code, language, facts).message : fill(text, shown)} [${code}]`;
      }),
  );
}

function opensslCommand(host: string, port: number, proxy: string | undefined): string {
  const through = proxy === undefined ? '' : ` -proxy ${targetOf(proxy).host}:${targetOf(proxy).port}`;
  return `openssl s_client -connect ${host}:${port} -servername ${host} -tls1_3${through} </dev/null 2>/dev/null | openssl x509 -noout -issuer -fingerprint -sha256`;
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
