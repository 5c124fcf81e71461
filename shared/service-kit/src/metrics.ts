import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Breaker, BreakerState } from './breaker.ts';
import type { HealthChecks } from './health.ts';

/** What a process says of itself in numbers, in the text format of Prometheus. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
}

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'half_open', 'open'];

/** Asked for when it is scraped: nothing is counted in between but by the runtime itself. */
export function createMetrics(options: {
  service: string;
  breakers: () => readonly Breaker[];
  checks: () => HealthChecks;
}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'berkas_breaker_state',
    help: 'Circuit breaker of a dependency: 1 for the state that it is in, 0 for the others.',
    labelNames: ['dependency', 'state'],
    registers: [registry],
    collect() {
      for (const breaker of options.breakers()) {
        const current = breaker.state();
        for (const state of BREAKER_STATES) {
          this.set({ dependency: breaker.name, state }, state === current ? 1 : 0);
        }
      }
    },
  });
  new Gauge({
    name: 'berkas_check_failed',
    help: 'A check of readyz: 1 while it fails, 0 while it is well.',
    labelNames: ['check'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [check, { status }] of Object.entries(options.checks())) {
        this.set({ check }, status === 'failed' ? 1 : 0);
      }
    },
  });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}
