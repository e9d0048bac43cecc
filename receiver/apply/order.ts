/** What orders two exports of a part: EXTRACT (reception time when it cannot be trusted), then reception. */
export interface Order {
  readonly extract: number;
  readonly reception: number;
}

export function isNewer(one: Order, other: Order): boolean {
  return one.extract > other.extract || (one.extract === other.extract && one.reception > other.reception);
}

export function newest(one: Order, other: Order | null): Order {
  return other !== null && isNewer(other, one) ? other : one;
}
