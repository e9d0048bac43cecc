import type { AgencyAnswer } from '../destination.ts';

/** Where an agency's answers to dispatches come back: a return folder, a polled status. */
export interface AnswerSource {
  readonly everySeconds: number;
  /** The answers there are now to dispatches of this destination. Bounded: what is left comes with the next call. */
  collect(awaited: readonly AwaitedDispatch[], signal: AbortSignal): Promise<readonly AgencyReply[]>;
  /** Called once the replies are committed: the source may drop them. */
  forget(replies: readonly AgencyReply[], signal: AbortSignal): Promise<void>;
}

/** A dispatch sent and not answered yet. */
export interface AwaitedDispatch {
  readonly name: string;
  /** As it travelled, with the suffixes of its packaging and protection. */
  readonly sealedName: string;
  readonly digest: string;
  readonly reference: string | null;
}

export interface AgencyReply extends AgencyAnswer {
  /** The dispatch's name, as composed or as it travelled. */
  readonly name: string;
  readonly reference?: string;
}
