export interface CareTables {
  readonly kind: 'care';
}
