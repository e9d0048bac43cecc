import type { Bilingual } from './texts.ts';

/** The region's own keys, machines that wait to be let in, and a region that was restored. */
export const portalKeys = {
  title: { fr: 'Clés de la région', en: 'Keys of the region' },
  label: { fr: 'Clés de la région, tableau', en: 'Keys of the region, table' },
  role: { fr: 'Rôle', en: 'Role' },
  state: { fr: 'État', en: 'State' },
  since: { fr: 'Depuis', en: 'Since' },
  until: { fr: 'Jusqu’au', en: 'Until' },
  next: { fr: 'À taper sur le récepteur', en: 'To type on the receiver' },
  noEnd: { fr: 'sans fin', en: 'no end' },
  left: { fr: '{day} (encore {days} j)', en: '{day} ({days} d left)' },
  ended: { fr: 'échue', en: 'ended' },
  nothing: { fr: 'rien', en: 'nothing' },
  text: {
    fr: 'Une clé ne change que par une commande sur le récepteur : la clé racine, gardée hors ligne, doit y être apportée. Une clé remplacée peut être détruite quand plus rien n’en dépend ; « key list » dit quoi.',
    en: 'A key changes by a command on the receiver only: the root key, kept offline, must be brought there. A replaced key may be destroyed once nothing depends on it; "key list" says what does.',
  },
  waits: { fr: 'Attend d’être admis', en: 'Waits to be let in' },
  admitTitle: { fr: 'Admettre l’agent {name}', en: 'Let in agent {name}' },
  admitText: {
    fr: 'Une machine a présenté le code d’installation. Faites-vous lire au téléphone, par l’établissement, l’empreinte qu’elle affiche, et recopiez-la. Qui a créé l’invitation ne peut pas l’admettre.',
    en: 'A machine has presented the installation code. Have the hospital read to you, over the telephone, the digest that it shows, and copy it. Whoever made the invitation cannot let it in.',
  },
  admitFingerprint: { fr: 'Empreinte lue par l’établissement', en: 'Digest read by the hospital' },
  admit: { fr: 'Admettre cette machine', en: 'Let this machine in' },
  admitOwn: {
    fr: 'Vous avez créé cette invitation ; une autre personne doit admettre la machine.',
    en: 'You made this invitation; another person must let the machine in.',
  },
  rolledBack: {
    fr: 'La version {version} n’a pas tenu le {at} : la précédente sert de nouveau',
    en: 'Version {version} did not hold on {at}: the one before serves again',
  },
  restored: {
    fr: 'Région restaurée le {restored} depuis la sauvegarde du {at} : {withdrawn} retraits et {erased} effacements refaits, {lost} clés perdues ; ce qui a été retiré est connu jusqu’au {until}. Sessions et invitations ouvertes ont été closes. Invitations, comptes et décisions pris entre les deux sont à refaire. Une personne relit qui est admis, puis le confirme sur le récepteur : confirm-restore.',
    en: 'Region restored on {restored} from the backup of {at}: {withdrawn} withdrawals and {erased} erasures made again, {lost} keys lost; what was withdrawn is known up to {until}. Open sessions and invitations were closed. Invitations, accounts and decisions between the two are to be made again. A person looks through who is let in, then confirms it on the receiver: confirm-restore.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
