import { createHash, randomBytes } from 'node:crypto';

export type IdPrefix = 'doc' | 'eval';

/** A new id: the prefix and 96 random bits. */
export const newId = (prefix: IdPrefix): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** The same id for the same name, so that a repeated request finds what the first one made. */
export const deriveId = (prefix: IdPrefix, name: string): string =>
  `${prefix}_${sha256(name).slice(0, 24)}`;

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** A content version: short enough to read, long enough never to collide by chance (64 bits). */
export const contentVersion = (content: string | Uint8Array): string =>
  sha256(content).slice(0, 16);

/** JSON with its keys in order, so that equal values hash equally. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
