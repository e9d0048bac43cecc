export interface QualityTables {
  readonly kind: 'quality';
}
