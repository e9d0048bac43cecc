/** Lies beside the recovery key until someone takes both away. */
export const recoveryNotice = `CLÉ DE SECOURS DE LA RÉGION

recovery.key ouvre tous les plis que les établissements envoient. Elle ne sert que si la clé du récepteur est perdue.
Déplacez ce dossier dès maintenant sur un support hors ligne (deux copies, deux lieux, sous clé), puis effacez-le ici.
Le récepteur ne relit jamais cette clé et fonctionne sans elle. Pour ouvrir le contenu CMS d'un pli :

  openssl cms -decrypt -binary -inform DER -in pli.cms -inkey recovery.key -recip recovery.pem -out contenu

RECOVERY KEY OF THE REGION

recovery.key opens every envelope the hospitals send. It serves only if the receiver's key is lost.
Move this folder now to offline media (two copies, two places, locked), then erase it here.
The receiver never reads this key again and works without it. To open the CMS part of an envelope: same command.
`;
