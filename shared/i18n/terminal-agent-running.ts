import type { Bilingual } from './texts.ts';

/** What a running agent tells by mail. */
export const runningTexts = {
  silentSubject: {
    fr: '[Vaguemestre] {agent} : la région ne répond plus',
    en: 'the region does not answer',
  },
  silentBody: {
    fr: `L’agent {agent} n’a plus de réponse de {region} depuis le {since} (heure de Paris).
Cause constatée : {code}.

Aucun fichier n’est perdu : l’agent continue de lire les exports et les garde, scellés, jusqu’à ce que la région réponde.

Que faire, sur la machine de l’agent :
  agent doctor     cherche la cause (réseau, proxy, certificats, horloge) et donne le remède
  agent status     ce qui attend

Un second message annoncera le retour de la région. Celui-ci n’est envoyé qu’une fois par panne.`,
    en: `The agent {agent} has had no answer from {region} since {since} (Paris time).
What was seen: {code}.

No export is lost: the agent goes on reading exports and keeps them, sealed, until the region answers.

What to do, on the agent's machine:
  agent doctor     looks for the cause (network, proxy, certificates, clock) and names the cure
  agent status     what is waiting

Another message will say when the region answers again. This one is sent once per outage.`,
  },
  answersSubject: {
    fr: '[Vaguemestre] {agent} : la région répond de nouveau',
    en: 'the region answers again',
  },
  answersBody: {
    fr: `{region} répond de nouveau à l’agent {agent} (silence du {since} au {until}, heure de Paris).
Ce qui attendait part maintenant ; il n’y a rien à faire. « agent status » montre ce qui reste à envoyer.`,
    en: `{region} answers the agent {agent} again (silent from {since} to {until}, Paris time).
What was waiting now travels; there is nothing to do. "agent status" shows what is still to be sent.`,
  },
} as const satisfies Record<string, Bilingual>;
