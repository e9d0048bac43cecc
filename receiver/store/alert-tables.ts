export interface AlertTables {
  readonly kind: 'alert';
}
