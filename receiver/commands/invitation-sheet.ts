import { sheetTexts } from '../../shared/i18n/terminal-keys.ts';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { codeDrawing } from '../pages/accounts/code-drawing.ts';
import { html, trusted } from '../pages/html.ts';

export interface InvitationSheet {
  readonly region: string;
  readonly name: string;
  readonly facilities: readonly string[];
  readonly code: string;
  readonly expiresAt: number;
  /** Where agents enrol, as far as the settings say. */
  readonly url: string;
  /** A second person must let the machine in. */
  readonly approval: boolean;
}

const style = trusted(`@page { size: A4; margin: 18mm }
body { font: 12pt/1.45 sans-serif; color: #000; max-width: 174mm; margin: 0 auto }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 12pt; margin: 6mm 0 2mm }
.code { font: 13pt/1.7 monospace; border: 1px solid #000; padding: 3mm; overflow-wrap: anywhere }
.qr { width: 55mm; height: 55mm; display: block; margin: 4mm 0 }
li { margin-bottom: 1.5mm } code { font-family: monospace; overflow-wrap: anywhere }`);

/** One sheet of paper for the hospital: the code in groups and to be scanned, until when, and what to do with it. */
export function invitationSheet(sheet: InvitationSheet, language: Language): string {
  const say = speaker(sheetTexts, language);
  const { region, name, facilities, code, url } = sheet;
  const until = shownInstant(sheet.expiresAt, language);
  const command = `vaguemestre-agent enroll --url ${url}`;
  const approval = sheet.approval ? html`<li>${say('stepApproval')}</li>` : '';
  const page = html`<!doctype html><html lang="${language}"><head><meta charset="utf-8" /><title>${say('title', { name })}</title><style>${style}</style></head><body><h1>${say('title', { name })}</h1><p>${say('about', { region, facilities: facilities.join(', ') })}</p><p><strong>${say('until', { until })}</strong></p><h2>${say('code')}</h2><p class="code">${inGroups(code)}</p><p>${say('spaces')}</p>${codeDrawing(code, say('code'))}<h2>${say('steps')}</h2><ol><li>${say('stepInstall')}</li><li>${say('stepEnroll')} <code>${command}</code></li>${approval}<li>${say('stepCheck')}</li><li>${say('stepDestroy')}</li></ol></body></html>`;
  return `${page.toString()}\n`;
}

/** Four characters at a time, as people copy: whoever reads it passes over the spaces. */
export function inGroups(code: string): string {
  return code
    .split('.')
    .map((part) => part.replace(/(.{4})(?!$)/g, '$1 '))
    .join(' . ');
}
