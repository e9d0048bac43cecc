import type { ErrorText } from './texts.ts';

/** The API and its tokens. */
export const apiErrors = {
  'token-name-invalid': {
    message: {
      fr: 'Le nom du jeton manque ou dépasse {most} caractères',
      en: 'The token’s name is missing or longer than {most} characters',
    },
    hint: {
      fr: 'Dites quel programme s’en sert : le journal et la liste le montrent',
      en: 'Say which program uses it: the audit log and the list show it',
    },
  },
  'token-profile-refused': {
    message: {
      fr: 'Le profil {profile} n’a pas de jeton de l’API',
      en: 'The profile {profile} has no token of the API',
    },
    hint: {
      fr: 'Une agence retire ses envois par sa propre porte (listeners.agencies), avec ses propres jetons',
      en: 'An agency fetches its dispatches at a door of its own (listeners.agencies), with tokens of its own',
    },
  },
  'token-scope-unknown': {
    message: { fr: 'Portée inconnue : {scope}', en: 'Unknown scope: {scope}' },
    hint: { fr: 'Portées possibles : {known}', en: 'Possible scopes: {known}' },
  },
  'token-scope-refused': {
    message: {
      fr: 'Le profil {profile} n’a pas la portée {scope}',
      en: 'The profile {profile} does not have the scope {scope}',
    },
    hint: {
      fr: 'Ce profil peut avoir : {may}. L’API ne donne rien que ses pages ne montrent',
      en: 'This profile may have: {may}. The API gives nothing that its pages do not show',
    },
  },
  'token-facility-unknown': {
    message: {
      fr: 'Aucun établissement {facility} n’est enregistré',
      en: 'No facility {facility} is registered',
    },
    hint: { fr: 'facility list les montre tous', en: 'facility list shows all of them' },
  },
  'token-days': {
    message: {
      fr: 'Un jeton vaut de 1 à {most} jours',
      en: 'A token is good for 1 to {most} days',
    },
    hint: {
      fr: 'Indiquez --days ; avant son échéance, créez-en un autre, puis révoquez celui-ci',
      en: 'Give --days; before it ends, create another one, then revoke this one',
    },
  },
  'token-unknown': {
    message: { fr: 'Aucun jeton {token}', en: 'No token {token}' },
    hint: { fr: 'token list les montre tous', en: 'token list shows all of them' },
  },
  'token-reason': {
    message: {
      fr: 'La raison manque ou dépasse {most} caractères',
      en: 'The reason is missing or longer than {most} characters',
    },
    hint: { fr: 'Indiquez --reason : le journal la garde', en: 'Give --reason: the audit log keeps it' },
  },
  'token-revoked-before': {
    message: {
      fr: 'Le jeton {name} est déjà révoqué',
      en: 'Token {name} is revoked already',
    },
    hint: { fr: 'Il n’y a rien à faire', en: 'There is nothing to do' },
  },
  'api-token-refused': {
    message: {
      fr: 'Il faut un jeton valable : celui-ci manque, est inconnu, échu ou révoqué',
      en: 'A good token is needed: this one is missing, unknown, over or revoked',
    },
    hint: {
      fr: 'Envoyez Authorization: Bearer vgm_… ; la région en crée avec token create',
      en: 'Send Authorization: Bearer vgm_…; the region creates one with token create',
    },
  },
  'api-scope': {
    message: {
      fr: 'Ce jeton n’a pas la portée {scope}',
      en: 'This token does not have the scope {scope}',
    },
    hint: {
      fr: 'Demandez à la région un jeton avec --scope {scope}',
      en: 'Ask the region for a token with --scope {scope}',
    },
  },
  'api-profile': {
    message: {
      fr: 'Le profil {profile} de ce jeton ne voit pas cela',
      en: 'The profile {profile} of this token does not see this',
    },
    hint: {
      fr: 'Les pages ne le lui montrent pas non plus ; les droits de chaque route sont dans /api/v1/openapi.json',
      en: 'Pages do not show it either; the rights of every route are in /api/v1/openapi.json',
    },
  },
  'api-not-found': {
    message: { fr: 'Il n’y a rien à cette adresse', en: 'There is nothing at this address' },
    hint: {
      fr: 'Vérifiez l’adresse et l’identifiant ; ce que le jeton n’atteint pas répond de même',
      en: 'Check the address and the id; what the token does not reach answers the same',
    },
  },
  'api-method': {
    message: {
      fr: 'Cette adresse ne se demande pas ainsi',
      en: 'This address is not asked that way',
    },
    hint: {
      fr: 'Méthodes possibles : {allow}',
      en: 'Possible methods: {allow}',
    },
  },
  'api-query-invalid': {
    message: {
      fr: 'Paramètres refusés : {faultsFr}',
      en: 'Parameters refused: {faultsEn}',
    },
    hint: {
      fr: 'Les paramètres de chaque route sont dans /api/v1/openapi.json',
      en: 'The parameters of every route are in /api/v1/openapi.json',
    },
  },
  'api-query-twice': {
    message: {
      fr: 'Le paramètre {name} est donné deux fois',
      en: 'The parameter {name} is given twice',
    },
    hint: { fr: 'Donnez-le une seule fois', en: 'Give it once' },
  },
  'api-cursor-invalid': {
    message: { fr: 'Ce curseur n’est pas d’ici', en: 'This cursor is not from here' },
    hint: {
      fr: 'Recommencez la liste sans cursor, puis suivez next tel quel',
      en: 'Begin the list again without cursor, then follow next as it is',
    },
  },
  'api-body-invalid': {
    message: {
      fr: 'Demande refusée : {faultsFr}',
      en: 'Request refused: {faultsEn}',
    },
    hint: {
      fr: 'Envoyez un document JSON (Content-Type: application/json) selon /api/v1/openapi.json',
      en: 'Send a JSON document (Content-Type: application/json) as /api/v1/openapi.json says',
    },
  },
  'api-body-unreadable': {
    message: {
      fr: 'La demande n’est pas un document JSON',
      en: 'The request is no JSON document',
    },
    hint: {
      fr: 'Envoyez du JSON en UTF-8 avec Content-Type: application/json',
      en: 'Send JSON in UTF-8 with Content-Type: application/json',
    },
  },
  'api-body-too-large': {
    message: { fr: 'La demande est trop longue', en: 'The request is too long' },
    hint: { fr: 'Au plus 64 Kio', en: 'At most 64 KiB' },
  },
  'api-span-too-long': {
    message: {
      fr: 'Au plus {most} jours à la fois',
      en: 'At most {most} days at a time',
    },
    hint: {
      fr: 'Rapprochez from et to, et demandez en plusieurs fois',
      en: 'Bring from and to closer together, and ask several times',
    },
  },
  'api-too-many': {
    message: {
      fr: 'Trop de demandes en une minute (au plus {most})',
      en: 'Too many requests within a minute (at most {most})',
    },
    hint: {
      fr: 'Attendez le nombre de secondes de Retry-After',
      en: 'Wait for as many seconds as Retry-After says',
    },
  },
} as const satisfies Record<string, ErrorText>;
