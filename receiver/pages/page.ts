import type { Readable } from 'node:stream';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Right, Viewer } from '../accounts/profile.ts';
import type { Html } from './html.ts';
import type { Reads } from './reads/reads.ts';
import type { RegionSeen } from './reads/region-seen.ts';

/**
 * A page says who may see it and who may act on it: a route without that does not start. What it reads, it reads through
 * `read`, whose verbs know the viewer's reach; without that reach the answer is the same as for what does not exist.
 */
export interface Page {
  /** French path, with `:parameters`; the English page is the same under `/en`. */
  readonly path: string;
  readonly see: readonly Right[] | 'signed-in' | 'anybody';
  readonly get?: (context: PageContext) => Promise<Answer>;
  /** What it gives is written down as fetched: asking with HEAD whether it is there is refused as an address that is none. */
  readonly isFetch?: true;
  readonly act?: {
    readonly may: readonly Right[] | 'signed-in' | 'anybody';
    readonly post: (context: ActContext) => Promise<Answer>;
    /** A file comes with the form (multipart): bounds it, bytes. */
    readonly uploadBytes?: number;
  };
}

export interface PageContext {
  readonly viewer: Viewer;
  readonly language: Language;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path and query as asked for, without `/en`. */
  readonly here: string;
  /** Epoch ms. */
  readonly now: number;
  /** A consistent read within the viewer's reach. */
  readonly read: <T>(work: (reads: Reads) => Promise<T>) => Promise<T>;
  /** The region as judged at the last look, within the viewer's reach; `days` back when a month is too few. Not from inside `read`. */
  readonly region: (days?: number) => Promise<RegionSeen>;
  /** A path in the viewer's language. */
  readonly to: (path: string) => string;
}

export interface ActContext extends PageContext {
  /** Trimmed; the last value of a field that comes twice in `form`, all of them in `all`. */
  readonly form: (name: string) => string;
  readonly all: (name: string) => readonly string[];
  readonly upload: { readonly name: string; readonly content: Buffer } | undefined;
  /** Who acts, for the audit log. */
  readonly actor: Actor;
}

export type Answer =
  | {
      readonly kind: 'page';
      readonly title: string;
      readonly body: Html;
      /** The entry of the navigation it belongs to. */
      readonly nav?: NavName;
      readonly status?: number;
      /** bare: without bars, for signing in. */
      readonly frame?: 'bare';
      /** Parts that `live.js` may swap are marked `data-live` in the body; set when there are any. */
      readonly live?: boolean;
    }
  | { readonly kind: 'redirect'; readonly to: string }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly type: string;
      readonly content: Buffer | string;
      /** Its last byte was handed over; never, when the reader went away before. */
      readonly onLeft?: () => void;
    }
  /** A page that stands by itself: its one style, known by its digest, and the script of the pages are all it may use. */
  | {
      readonly kind: 'sheet';
      /** SHA-256 of its style, base64. */
      readonly style: string;
      /** Given the addresses of assets. */
      readonly content: (asset: (name: string) => string) => string;
    }
  /** A file too long to be held in memory. */
  | {
      readonly kind: 'stream';
      readonly name: string;
      readonly type: string;
      readonly bytes: number;
      readonly content: Readable;
    }
  /** The same for what does not exist and what is not this viewer's. */
  | { readonly kind: 'missing' };

export type NavName =
  | 'today'
  | 'facilities'
  | 'batches'
  | 'destinations'
  | 'alerts'
  | 'analysis'
  | 'reports'
  | 'journal'
  | 'administration'
  | 'deliveries'
  | 'coverage'
  | 'account';

export const missing: Answer = { kind: 'missing' };
