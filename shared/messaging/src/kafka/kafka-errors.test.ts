import { describe, expect, it } from '@jest/globals';
import { BusError } from '../bus-error.ts';
import {
  isCoordinatorAbsence,
  isOfMessages,
  isRebalance,
  isSequenceFailure,
  toBusError,
} from './kafka-errors.ts';

const failure = (fields: object): Error => Object.assign(new Error('it said so'), fields);
const outcome = (error: unknown) => {
  const { code, retryable } = toBusError(error, 'publishing to a');
  return { code, retryable };
};
const unavailable = { code: 'bus_unavailable', retryable: true };
const failed = { code: 'bus_failed', retryable: false };

describe('an error of the client as an error of the bus', () => {
  it('may be tried again when the client says so of it, or of what it wraps', () => {
    expect(outcome(failure({ retriable: true }))).toEqual(unavailable);
    const inner = failure({ retriable: true });
    expect(outcome(failure({ retriable: false, cause: inner }))).toEqual(unavailable);
  });

  it('may be tried again when a topic is not there yet, or a new producer begins afresh', () => {
    const types = ['UNKNOWN_TOPIC_OR_PARTITION', 'OUT_OF_ORDER_SEQUENCE_NUMBER'];
    for (const type of types)
      expect(outcome(failure({ type, retriable: false }))).toEqual(unavailable);
  });

  it('may be tried again when nobody keeps the positions of the group yet', () => {
    for (const absent of [
      { type: 'GROUP_LOAD_IN_PROGRESS', retriable: true },
      { name: 'KafkaJSGroupCoordinatorNotFound', retriable: false },
    ]) {
      expect(isCoordinatorAbsence(failure(absent))).toBe(true);
      expect(outcome(failure(absent))).toEqual(unavailable);
    }
    expect(isCoordinatorAbsence(failure({ type: 'UNKNOWN_MEMBER_ID' }))).toBe(false);
  });

  it('is not tried again when it is a bug, or the server refuses who we are', () => {
    expect(outcome(new TypeError('x is undefined'))).toEqual(failed);
    expect(outcome(failure({ name: 'KafkaJSSASLAuthenticationError' }))).toEqual(failed);
    const refused = failure({ type: 'TOPIC_AUTHORIZATION_FAILED', retriable: true });
    expect(outcome(refused)).toEqual(failed);
    expect(outcome('a text')).toEqual(failed);
  });

  it('says that a message is too large, also among several errors', () => {
    const errors = [failure({ type: 'MESSAGE_TOO_LARGE' })];
    expect(outcome(failure({ errors }))).toEqual({ code: 'message_too_large', retryable: false });
  });

  it('keeps the cause and says what was being done', () => {
    const cause = failure({ retriable: true });
    const error = toBusError(cause, 'publishing to a');
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('Kafka failed while publishing to a: it said so');
  });

  it('stays as it is when it is one of the bus already', () => {
    const error = new BusError('bus_closed', 'closed');
    expect(toBusError(error, 'x')).toBe(error);
  });

  it('passes where the connection went before the request, which the library tells in words alone', () => {
    expect(toBusError(new Error('Broker not connected'), 'x')).toMatchObject({
      code: 'bus_unavailable',
      retryable: true,
    });
  });

  it('ends at errors that wrap each other in a ring', () => {
    const ring = failure({});
    ring.cause = ring;
    expect(outcome(ring)).toEqual(failed);
  });
});

it('knows what ends with a rebalance, what with a new producer, and what with other messages', () => {
  const wrapped = (type: string) => failure({ cause: failure({ type }) });
  expect(isRebalance(wrapped('ILLEGAL_GENERATION'))).toBe(true);
  expect(isRebalance(wrapped('MESSAGE_TOO_LARGE'))).toBe(false);
  expect(isSequenceFailure(wrapped('UNKNOWN_PRODUCER_ID'))).toBe(true);
  expect(isSequenceFailure(wrapped('ILLEGAL_GENERATION'))).toBe(false);
  expect(isOfMessages(wrapped('UNKNOWN_TOPIC_OR_PARTITION'))).toBe(true);
  expect(isOfMessages(failure({ retriable: true }))).toBe(false);
});
