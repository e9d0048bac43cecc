import type { Bilingual } from './texts.ts';

export const portalHelp = {
  title: { fr: 'Aide et raccourcis', en: 'Help and shortcuts' },
  lede: {
    fr: 'Tout se fait à la souris, au clavier ou au doigt ; les raccourcis ne font que gagner du temps.',
    en: 'Everything can be done with a mouse, a keyboard or a finger; shortcuts only save time.',
  },
  shortcuts: { fr: 'Raccourcis du clavier', en: 'Keyboard shortcuts' },
  key: { fr: 'Touche', en: 'Key' },
  effect: { fr: 'Effet', en: 'Effect' },
  keySearch: { fr: 'Rechercher', en: 'Search' },
  keyToday: { fr: 'Aller à Aujourd’hui', en: 'Go to Today' },
  keyFacilities: { fr: 'Aller aux établissements', en: 'Go to facilities' },
  keyBatches: { fr: 'Aller aux lots', en: 'Go to batches' },
  keyDestinations: { fr: 'Aller aux destinations', en: 'Go to destinations' },
  keyAlerts: { fr: 'Aller aux alertes', en: 'Go to alerts' },
  keyAnalysis: { fr: 'Aller à Analyser', en: 'Go to Analyse' },
  keyReports: { fr: 'Aller à Rapports', en: 'Go to Reports' },
  keyRows: { fr: 'Ligne suivante, ligne précédente', en: 'Next row, previous row' },
  keyOpen: { fr: 'Ouvrir la ligne', en: 'Open the row' },
  keyGrid: {
    fr: 'Dans la grille d’Aujourd’hui : d’un jour, d’un établissement à l’autre',
    en: 'In the grid of Today: from one day or facility to the next',
  },
  keyEnds: { fr: 'Début et fin de la ligne de la grille', en: 'Start and end of the grid’s row' },
  keyLeave: { fr: 'Quitter la grille, fermer le menu', en: 'Leave the grid, close the menu' },
  keyHelp: { fr: 'Ouvrir cette aide', en: 'Open this help' },
  enter: { fr: 'Entrée', en: 'Enter' },
  escape: { fr: 'Échap', en: 'Esc' },
  turnOff: { fr: 'Désactiver les raccourcis à une touche', en: 'Turn off single-key shortcuts' },
  accessibilityTitle: { fr: 'Accessibilité : non conforme', en: 'Accessibility: not compliant' },
  accessibilityLede: {
    fr: 'Aucun audit RGAA n’a encore été mené ; le service est donc déclaré non conforme.',
    en: 'No RGAA audit has been carried out yet; the service is therefore declared not compliant.',
  },
  accessibilityChecked: {
    fr: 'Chaque page est vérifiée automatiquement (WCAG 2.2 AA) à chaque version, au clavier et sur téléphone. Un blocage se signale à la région.',
    en: 'Each page is checked automatically (WCAG 2.2 AA) at every version, by keyboard and on a phone. Tell the region of anything that blocks you.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
