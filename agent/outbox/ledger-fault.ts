/** What does not hold, and where. */
export interface LedgerFault {
  readonly feed: string;
  readonly epoch: number;
  readonly seq: number;
  readonly code:
    | 'sequence-gap'
    | 'chain-broken'
    | 'receipt-missing'
    | 'receipt-invalid'
    | 'content-altered'
    | 'tail-missing'
    | 'epoch-unknown'
    | 'envelope-missing'
    | 'receiver-head-differs'
    | 'outcome-unproven';
}
