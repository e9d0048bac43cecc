import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { feedWords } from '../charts/feed-words.ts';
import { volumeChart } from '../charts/volume-chart.ts';
import { html, nothing, type Html } from '../html.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import { teller } from '../typeset.ts';

/** Days that can be looked back; the first one unless another is asked for. */
export const periods = [30, 90, 365] as const;
export type Period = (typeof periods)[number];

export function periodOf(text: string | null): Period {
  return periods.find((each) => String(each) === text) ?? 30;
}

export interface VolumeSectionInput {
  readonly feed: JudgedFeed;
  readonly period: Period;
  readonly language: Language;
  /** Of the facility, in the viewer's language. */
  readonly path: string;
  /** Only one section of a page chooses the period. */
  readonly chooses: boolean;
}

export function volumeSection({ feed, period, language, path, chooses }: VolumeSectionInput): Html {
  const say = teller(portalFacility, language);
  const { noun } = feedWords(feed.feed, language);
  const judged = feed.days.some(({ expected }) => expected !== null);
  const id = `volume-${feed.feed}`;
  const points = feed.days.map(({ day, count, state, expected }) => ({ day, count, state, expected }));
  // A year of links would weigh more than its drawing; days of the last three months are opened from here.
  const dayPath =
    period > 90
      ? {}
      : { dayPath: (day: (typeof points)[number]['day']) => dayLink(path, feed, dayToIso(day)) };
  return html`<section class="sec" aria-labelledby="${id}"><div class="sech"><h2 id="${id}">${say(judged ? 'volumes' : 'volumesOnly', { noun })}</h2>${
    judged ? html`<span class="small muted">${say('bandText')}</span>` : nothing
  }${chooses ? html`<div class="right">${chooser(period, path, language)}</div>` : nothing}</div><div class="card">${
    points.length === 0
      ? html`<p class="pad muted">${say('noDays')}</p>`
      : volumeChart(points, { language, noun, id: `${id}-chart`, ...dayPath })
  }</div></section>`;
}

export function dayLink(
  path: string,
  { feed, daily }: Pick<JudgedFeed, 'feed' | 'daily'>,
  iso: string,
): string {
  return `${path}/jours/${iso}${daily ? '' : `?flux=${encodeURIComponent(feed)}`}`;
}

function chooser(period: Period, path: string, language: Language): Html {
  const say = teller(portalFacility, language);
  return html`<span class="seg" role="group" aria-label="${say('period')}">${periods.map(
    (each) =>
      html`<a href="${path}?jours=${each}"${each === period ? html` aria-current="true"` : nothing}>${say(`days${each}`)}</a>`,
  )}</span>`;
}
