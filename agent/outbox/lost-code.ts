/** The code of a place in the ledger whose envelope is lost and of which no receipt tells: a repair put it there. */
export const lostCode = 'envelope-lost';
