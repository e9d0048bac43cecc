import { feedNamed } from '../../../shared/feeds/registry.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { Part } from './paper.ts';
import type { Say } from './say.ts';

/** Each configured destination: who reads it, what it gets, over what, sealed with what. */
export function recipientsPart(
  say: Say,
  destinations: readonly DestinationConfig[],
  hasPages: boolean,
): Part {
  const people = say(hasPages ? 'readers' : 'readersNone');
  if (destinations.length === 0) return { title: say('recipients'), texts: [say('recipientsNone'), people] };
  return {
    title: say('recipients'),
    texts: [people],
    table: {
      head: [say('destination'), say('data'), say('carried'), say('sealed')],
      rows: destinations.map((each) => [
        each.owner === undefined ? each.name : `${each.name} (${each.owner})`,
        `${each.feed} (${each.format.name}) : ${itemsOf(say, each)} ; ${facilitiesOf(say, each)}`,
        wayOf(say, each),
        say(`seal-${each.protection.kind}`),
      ]),
    },
  };
}

function itemsOf(say: Say, { profile, feed }: DestinationConfig): string {
  if (profile.kind === 'allow') return say('profile-allow', { items: profile.items.join(', ') });
  if (profile.kind !== 'all') return say(`profile-${profile.kind}`);
  const tags = (feedNamed(feed)?.fields ?? []).flatMap(({ tag }) => (tag === null ? [] : [tag]));
  return tags.length === 0 ? say('profile-all') : `${say('profile-all')} (${tags.join(', ')})`;
}

function facilitiesOf(say: Say, { facilities }: DestinationConfig): string {
  if (facilities === undefined) return say('facilitiesAll');
  return say('facilitiesSome', { count: facilities.length, list: facilities.join(', ') });
}

function wayOf(say: Say, { transport }: DestinationConfig): string {
  switch (transport.kind) {
    case 'directory':
      return say('way-directory', { place: transport.folder });
    case 'sftp':
    case 'ftps':
      return say(`way-${transport.kind}`, { place: transport.host });
    case 'https':
      return say('way-https', { place: hostOf(transport.url) });
    case 'submission':
      return say('way-submission', { place: hostOf(transport.submit.url) });
    case 'pull':
      return say('way-pull');
  }
}

/** Without the path, which may hold a secret. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  }
}
