import type { EvaluationResult } from '@berkas/contracts';
import { canonicalJson } from '@berkas/service-kit';
import { withoutReferences } from './applications.ts';

/**
 * A result as it is for every application of one base: without the ids and hashes of its documents,
 * the hashes of its requests, and its reference.
 */
export function comparable({ receipt, ...result }: EvaluationResult): string {
  const { documents: _documents, calls, ...rest } = receipt;
  const callsAlike = calls.map(({ request_sha256: _hash, ...call }) => call);
  return withoutReferences(canonicalJson({ ...result, receipt: { ...rest, calls: callsAlike } }));
}
