import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Variables } from '@berkas/cli';
import { openPorts } from '@berkas/composition';
import {
  evaluationClosed,
  evaluationRequested,
  readModelCollections,
  type DocumentView,
  type EventDefinition,
} from '@berkas/contracts';
import { collectEvents } from '@berkas/messaging/testing';
import { createLogger, delay, parseConfig, systemClock } from '@berkas/service-kit';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { openBus, removeFolder, startBerkas, temporaryFolder } from './berkas-under-test.ts';
import { commandVariables, onServers } from './six-processes.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);
const LOST = 'eval_00000000000000000000105f';
const TEN_MINUTES_MS = 600_000;

/** As the gateway keeps it. */
type Accepted = {
  readonly id: string;
  readonly state: string;
  readonly requestedAt: string;
  readonly cvId: string;
  readonly projectReportId: string;
};

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => removeFolder(folder));

/**
 * Puts a copy of an evaluation beside it that was accepted, and of which no event was ever kept: long
 * ago, as its documents were.
 */
async function loseOneLike(id: string): Promise<void> {
  const environment = onServers ? await commandVariables({ BERKAS_DATA_DIR: folder }) : {};
  const variables = parseConfig(Variables, { ...environment, BERKAS_DATA_DIR: folder });
  const opened = await openPorts(['documents'], variables, {
    name: 'e2e',
    embeddedFolder: folder,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    signal: new AbortController().signal,
  });
  const { documents } = opened.ports;
  const records = await documents.collection<Accepted>({
    name: 'gateway-evaluations',
    indexes: ['state'],
  });
  const views = await documents.collection<DocumentView>(readModelCollections.documents);
  const record = await records.get(id);
  if (record === undefined) throw new Error('The gateway does not know its own evaluation.');
  const at = new Date(Date.now() - TEN_MINUTES_MS).toISOString();
  for (const documentId of [record.cvId, record.projectReportId]) {
    const view = await views.get(documentId);
    if (view === undefined) throw new Error('A document was not read.');
    await views.put({ ...view, ingested: { at, outcome: 'ingested' } });
  }
  await records.insert({ ...record, id: LOST, state: 'published', requestedAt: at });
  await opened.close();
}

/** How often the log has an event about the lost one. */
async function countInLog(event: EventDefinition<{ evaluationId: string }>): Promise<number> {
  const bus = openBus(folder);
  const events = await collectEvents(bus, event);
  await bus.close();
  return events.filter(({ data }) => data.evaluationId === LOST).length;
}

describe('an evaluation whose event was lost', () => {
  it('is found and completed, by one request and with one end', async () => {
    const first = await startBerkas({ BERKAS_DATA_DIR: folder });
    const undisturbed = await first.completed(cv, report);
    await first.stop();
    await loseOneLike(undisturbed.id);

    const second = await startBerkas({
      BERKAS_DATA_DIR: folder,
      BERKAS_STUCK_SWEEP_INTERVAL_MS: '50',
    });
    const found = await second.ended(LOST);
    await second.stop();
    if (found.status !== 'completed') throw new Error(found.error.reason);
    expect(found.result.cv).toEqual(undisturbed.result.cv);
    expect(found.result.overall_summary).toEqual(undisturbed.result.overall_summary);
    expect(await countInLog(evaluationRequested)).toBe(1);
    expect(await countInLog(evaluationClosed)).toBe(1);
  }, 180_000);
});

describe('an evaluation that waits', () => {
  it('says for what, and since when', async () => {
    const berkas = await startBerkas({
      BERKAS_DATA_DIR: folder,
      OFFLINE_MODEL_FAULTS: JSON.stringify({ plan: { probabilities: { status_500: 1 } } }),
    });
    const { upload, request, result } = berkas;
    const id = await request(await upload(cv, report));
    for (;;) {
      const seen = await result(id);
      if (seen.status !== 'queued' && seen.status !== 'processing') throw new Error(seen.status);
      const away = seen.stage.held_up.find(({ reason }) => reason === 'dependency_away');
      if (away !== undefined) {
        expect(away.detail).toBe('The language model does not answer.');
        expect(Date.parse(away.since)).toBeGreaterThanOrEqual(Date.parse(seen.requested_at));
        break;
      }
      await delay(50);
    }
    await berkas.stop();
  }, 180_000);
});
