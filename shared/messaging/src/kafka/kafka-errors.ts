import { messageOf } from '@berkas/service-kit';
import { BusError, type BusErrorCode } from '../bus-error.ts';

/** What the library throws, as far as we read it: its own classes wrap each other. */
type KafkaFailure = {
  name?: string;
  message?: unknown;
  type?: string;
  code?: unknown;
  retriable?: boolean;
  cause?: unknown;
  errors?: unknown;
};

const CODES: Readonly<Record<string, BusErrorCode>> = {
  INVALID_TOPIC_EXCEPTION: 'message_invalid',
  MESSAGE_TOO_LARGE: 'message_too_large',
  RECORD_LIST_TOO_LARGE: 'message_too_large',
  // Topics are made by a step of the deployment, which may come after this.
  UNKNOWN_TOPIC_OR_PARTITION: 'bus_unavailable',
};

/** The server's numbering of this producer's messages is not ours; a new producer begins afresh. */
const SEQUENCE_TYPES = new Set([
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
]);

/** The group has changed since; whoever commits or reads joins it anew. */
const REBALANCE_TYPES = new Set([
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
]);

/** Who keeps the group's positions is being found out, or reads them in. */
const COORDINATOR_TYPES = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** Thrown by the library without a class: the connection went while the request was on its way to it. */
const NOT_CONNECTED = /^Broker not connected$/;

const BUGS = new Set(['RangeError', 'ReferenceError', 'SyntaxError', 'TypeError']);
const REFUSED = /AUTHORIZATION_FAILED|AUTHENTICATION|^UNSUPPORTED_/;

/** Translates what the client threw while `doing` ("publishing to x"); a `BusError` stays as it is. */
export function toBusError(error: unknown, doing: string): BusError {
  if (error instanceof BusError) return error;
  const message = `Kafka failed while ${doing}: ${messageOf(error)}`;
  return new BusError(codeOf(error), message, { cause: error });
}

export const isSequenceFailure = (error: unknown): boolean => hasType(error, SEQUENCE_TYPES);

export const isRebalance = (error: unknown): boolean => hasType(error, REBALANCE_TYPES);

export const isCoordinatorAbsence = (error: unknown): boolean =>
  hasType(error, COORDINATOR_TYPES) || failuresOf(error).some(isOfCoordinator);

/** The library's own class for it carries no type. */
const isOfCoordinator = ({ name }: KafkaFailure): boolean =>
  name === 'KafkaJSGroupCoordinatorNotFound';

/** Whether the failure lies with what was sent, so that others sent along with it may still pass. */
export const isOfMessages = (error: unknown): boolean =>
  hasType(error, new Set(Object.keys(CODES))) ||
  hasType(error, new Set(['TOPIC_AUTHORIZATION_FAILED']));

const hasType = (error: unknown, types: ReadonlySet<string>): boolean =>
  failuresOf(error).some(({ type }) => type !== undefined && types.has(type));

function codeOf(error: unknown): BusErrorCode {
  const failures = failuresOf(error);
  for (const { type } of failures) {
    const code = type === undefined ? undefined : CODES[type];
    if (code !== undefined) return code;
  }
  const refused = failures.some(
    ({ name, type }) =>
      BUGS.has(name ?? '') || name === 'KafkaJSSASLAuthenticationError' || REFUSED.test(type ?? ''),
  );
  if (refused) return 'bus_failed';
  const mayPass = failures.some(
    ({ retriable, message }) =>
      retriable === true || (typeof message === 'string' && NOT_CONNECTED.test(message)),
  );
  const passesByItself = [isSequenceFailure, isRebalance, isCoordinatorAbsence];
  return mayPass || passesByItself.some((isSo) => isSo(error)) ? 'bus_unavailable' : 'bus_failed';
}

/** The error and all that it wraps. */
function failuresOf(error: unknown, depth = 0): KafkaFailure[] {
  if (typeof error !== 'object' || error === null || depth > 8) return [];
  const failure = error as KafkaFailure;
  const wrapped = Array.isArray(failure.errors) ? (failure.errors as unknown[]) : [];
  return [failure, ...[failure.cause, ...wrapped].flatMap((inner) => failuresOf(inner, depth + 1))];
}
