export interface AuditTables {
  readonly kind: 'audit';
}
