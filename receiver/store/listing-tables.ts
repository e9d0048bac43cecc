export interface ListingTables {
  readonly kind: 'listing';
}
