import type { DestinationConfig } from '../../config-destinations.ts';
import type { AnswerSource } from './answer-source.ts';

/** Where a destination's answers come back by themselves; undefined: with the upload, by the agency's hand, or not at all. */
export function answerSourceOf({ transport }: DestinationConfig): AnswerSource | undefined {
  switch (transport.kind) {
    case 'directory':
    case 'sftp':
    case 'ftps':
    case 'submission':
    case 'https':
    case 'pull':
      return undefined;
  }
}
