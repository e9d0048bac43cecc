import { portalFeeds } from '../../../shared/i18n/portal-charts.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { count as shownCount } from '../words.ts';

/** How pages name what a feed brings; a feed without words of its own is called by its name. */
export interface FeedWords {
  readonly name: string;
  readonly noun: string;
  /** "1 passage", "723 passages". */
  counted(n: number): string;
}

export function feedWords(feed: string, language: Language): FeedWords {
  const words = Object.entries(portalFeeds).find(([name]) => name === feed)?.[1];
  const many = words?.many[language] ?? feed;
  const one = words?.one[language] ?? feed;
  // In French nothing is singular too.
  const isOne = (n: number): boolean => n === 1 || (n === 0 && language === 'fr');
  return {
    name: words?.name[language] ?? feed,
    noun: words?.noun[language] ?? feed,
    counted: (n) => `${shownCount(n, language)} ${isOne(n) ? one : many}`,
  };
}
