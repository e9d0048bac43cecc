/** Who acts. `id`: of an account, or the system account of a person at the command line. */
export interface Actor {
  readonly kind: 'account' | 'command-line' | 'system';
  readonly id: string;
  readonly name: string;
}
