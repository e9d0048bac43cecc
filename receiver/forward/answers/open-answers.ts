import type { Fault } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { AnswerSource } from './answer-source.ts';
import { createPolledAnswers } from './polled.ts';
import { openReturnFolder } from './return-folder-places.ts';

/** Told of an answer that means nothing to us: nothing is decided of its dispatch. */
export type ReportAnswer = (fault: Fault, dispatch: string) => void;

/** Where a destination's answers come back by themselves; undefined: with the upload, by the agency's hand, or not at all. */
export function answerSourceOf(
  settings: DestinationConfig,
  report: ReportAnswer = () => undefined,
): AnswerSource | undefined {
  const { name, transport, acknowledgement } = settings;
  switch (transport.kind) {
    case 'submission':
      return createPolledAnswers({ destination: name, transport, report });
    case 'directory':
    case 'sftp':
    case 'ftps':
      return acknowledgement.kind === 'folder'
        ? openReturnFolder(settings, transport, acknowledgement)
        : undefined;
    case 'https':
    case 'pull':
      return undefined;
  }
}
