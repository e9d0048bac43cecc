import { z } from 'zod';

/** Settings that several kinds of destination share. */
export const path = z.string().min(1).max(1000);
export const host = z.string().min(1).max(253);
/** A wait for the peer: a connection, an answer, a piece of a file. */
export const patience = z.int().min(1).max(3600).default(60);
