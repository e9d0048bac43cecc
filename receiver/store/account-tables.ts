export interface AccountTables {
  readonly kind: 'account';
}
