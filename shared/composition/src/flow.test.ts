import { expect, it } from '@jest/globals';
import {
  createBreaker,
  createLogger,
  systemClock,
  BerkasError,
  type Breaker,
} from '@berkas/service-kit';
import { flowOf, type PortName } from './ports.ts';

const down = new BerkasError('Down.', { code: 'down', retryable: true });
const breakerOf = (name: string): Breaker =>
  createBreaker({
    name,
    options: {
      errorThresholdPercentage: 50,
      volumeThreshold: 1,
      windowMs: 60_000,
      resetTimeoutMs: 600_000,
    },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    isFailure: (error) => error === down,
    rejection: () => new BerkasError('Open.', { code: 'open', retryable: true }),
  });
const open = (breaker: Breaker) => breaker.run(() => Promise.reject(down)).catch(() => undefined);

it('lets those go on who fall back, and keeps those who cannot', async () => {
  const [primary, fallback] = [breakerOf('language model'), breakerOf('fallback language model')];
  const breakers = new Map<PortName | 'fallback', Breaker>([
    ['model', primary],
    ['fallback', fallback],
  ]);
  const falling = flowOf({ breakers }, ['model'], { fallsBack: true });
  const embedding = flowOf({ breakers }, ['model']);
  const blockedBy = () => [falling.blockedBy(), embedding.blockedBy()];
  try {
    await open(primary);
    expect(blockedBy()).toEqual([[], ['language model']]);
    await open(fallback);
    expect(blockedBy()).toEqual([['language model'], ['language model']]);
  } finally {
    primary.close();
    fallback.close();
  }
});

it('waits for the one model there is, whoever would fall back', async () => {
  const primary = breakerOf('language model');
  const flow = flowOf({ breakers: new Map([['model', primary]]) }, ['model'], { fallsBack: true });
  await open(primary);
  expect(flow.blockedBy()).toEqual(['language model']);
  primary.close();
});
