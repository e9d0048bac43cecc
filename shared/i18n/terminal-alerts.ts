import type { Bilingual } from './texts.ts';

/** What `alert` prints. */
export const alertsTerminal = {
  none: { fr: 'Aucune alerte ouverte', en: 'No open alert' },
  open: { fr: '{count} alerte(s) ouverte(s) :', en: '{count} open alert(s):' },
  line: {
    fr: '  {id}  {state} — {site} : {cause}, depuis le {since}, {who}',
    en: '  {id}  {state} — {site}: {cause}, since {since}, {who}',
  },
  nobody: { fr: 'prise par personne', en: 'taken by nobody' },
  takenBy: { fr: 'prise par {name}', en: 'taken by {name}' },
  nobodyTold: {
    fr: '! Aucun destinataire dans les réglages (alerts.recipients) : personne n’est prévenu',
    en: '! No recipient in the settings (alerts.recipients): nobody is told',
  },
  sent: { fr: 'envoyé : {channel} {address}', en: 'sent: {channel} {address}' },
  notSent: { fr: '! pas envoyé : {channel} {address} : {why}', en: '! not sent: {channel} {address}: {why}' },
} as const satisfies Readonly<Record<string, Bilingual>>;
