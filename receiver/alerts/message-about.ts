import type { Language } from '../../shared/i18n/texts.ts';
import type { AlertChannel, MessageKind } from '../store/alert-tables.ts';

/** One message to be written: what of, by which road, in whose language. */
export interface MessageAbout {
  readonly kind: MessageKind;
  readonly channel: AlertChannel;
  readonly identity: string;
  readonly language: Language;
  readonly now: number;
}
