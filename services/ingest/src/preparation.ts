import {
  createEvent,
  evaluationPrepared,
  roundOf,
  type EvaluationPrepared,
  type EvaluationRequested,
  type OutgoingEvent,
} from '@berkas/contracts';
import { failureFrom, type RetrievalSource } from '@berkas/scoring';
import { isoNow, isRetryable, type Clock } from '@berkas/service-kit';
import { findAll, type DocumentStore } from '@berkas/storage';
import {
  decidePrepared,
  documentSourceId,
  documentsOf,
  requestAbout,
  wasGivenUp,
  type Source,
} from './domain/prepare.ts';
import { indexSource, type IndexingDeps } from './indexing.ts';

/**
 * That an evaluation was waiting for a document when it was requested, or failed for it. Kept, so that
 * a document that is delivered again decides the same evaluations again.
 */
type Waiting = { readonly id: string; readonly source: string; readonly evaluationId: string };
type Request = { readonly id: string; readonly data: EvaluationRequested };

export type PreparationDeps = IndexingDeps & {
  readonly documents: DocumentStore;
  readonly clock: Clock;
};

export interface Preparation {
  /** What became of a document that ingest was told of before. */
  sourceOf(documentId: string): Promise<Source | undefined>;
  /** A document was read, or cannot be: the evaluations that this decides. */
  sourceKnown(source: Source, signal: AbortSignal): Promise<OutgoingEvent[]>;
  /**
   * A document was given up, to which `rejected` is the answer, or the evaluations that wait for it
   * were. What it came to before stays so: evaluations were decided by it.
   */
  sourceGivenUp(
    rejected: Source,
    error: unknown,
  ): Promise<{ standing: Source; decided: OutgoingEvent[] }>;
  /** An evaluation was requested: decided at once, or parked until its documents are known. */
  requested(request: EvaluationRequested, signal: AbortSignal): Promise<OutgoingEvent[]>;
  /** An evaluation could not be prepared for a reason of our own. */
  failed(request: EvaluationRequested, error: unknown): OutgoingEvent[];
}

/**
 * The join of evaluations and their documents. Whoever comes second decides: a request writes what it
 * waits for before it looks at the documents, a document is written before its waiters are looked up, so
 * no order of the two loses an evaluation. Both may decide the same one: the event has the same id.
 *
 * Knowledge is not waited for: what is not in the index yet is put there, by the path that
 * `knowledge-published` takes ahead of time.
 */
export function createPreparation(deps: PreparationDeps): Preparation {
  const open = async () => ({
    sources: await deps.documents.collection<Source>({ name: 'ingest-sources', indexes: [] }),
    requests: await deps.documents.collection<Request>({ name: 'ingest-requests', indexes: [] }),
    waiting: await deps.documents.collection<Waiting>({
      name: 'ingest-waiting',
      indexes: ['source'],
    }),
  });

  const say = (data: EvaluationPrepared): OutgoingEvent[] => [
    createEvent(evaluationPrepared, data, { source: 'ingest', time: isoNow(deps.clock) }),
  ];

  const knownSources = async (request: EvaluationRequested): Promise<Map<string, Source>> => {
    const { sources } = await open();
    const found = await Promise.all(documentsOf(request).map((id) => sources.get(id)));
    return new Map(found.flatMap((source) => (source === undefined ? [] : [[source.id, source]])));
  };

  /** Sources that were seen in the index: they do not leave it under a running ingest. */
  const indexed = new Set<string>();
  const ensureIndexed = async (source: RetrievalSource, signal: AbortSignal): Promise<void> => {
    const key = `${source.kind}/${source.source}@${source.version}`;
    if (indexed.has(key)) return;
    if (!(await deps.search.hasSource(source))) await indexSource(deps, source, signal);
    // Those of knowledge are few and asked for again and again; a document's are asked for once.
    if (source.kind !== 'cv' && source.kind !== 'project_report') indexed.add(key);
  };

  const decide = async (
    request: EvaluationRequested,
    signal: AbortSignal,
  ): Promise<OutgoingEvent[]> => {
    const decided = decidePrepared(request, await knownSources(request));
    if (decided === undefined) return [];
    if (decided.outcome === 'prepared') {
      for (const source of searchSources(
        request,
        decided.cv.sha256,
        decided.projectReport.sha256,
      )) {
        await ensureIndexed(source, signal);
      }
    }
    return say(decided);
  };

  const failed = (request: EvaluationRequested, error: unknown): OutgoingEvent[] => {
    const failure = failureFrom(error, 'reading');
    return say({ ...requestAbout(request), outcome: 'failed', failure });
  };

  /** The evaluations that failed for a document begin another round, now that it can be read. */
  const reopen = async (source: Source): Promise<void> => {
    const { requests, waiting } = await open();
    for await (const { evaluationId } of findAll(waiting, { source: source.id })) {
      const request = await requests.get(evaluationId);
      if (request === undefined) continue;
      await requests.modify(evaluationId, (current = request) => ({
        ...current,
        data: { ...current.data, round: roundOf(current.data) + 1 },
      }));
    }
  };

  const forWaiting = async (
    source: string,
    work: (request: EvaluationRequested) => Promise<OutgoingEvent[]>,
  ): Promise<OutgoingEvent[]> => {
    const { requests, waiting } = await open();
    const events: OutgoingEvent[] = [];
    for await (const { evaluationId } of findAll(waiting, { source })) {
      const request = await requests.get(evaluationId);
      if (request !== undefined) events.push(...(await work(request.data)));
    }
    return events;
  };

  return {
    requested: async (request, signal) => {
      const { requests, waiting } = await open();
      // A request of an earlier round may come again after a later one.
      await requests.modify(request.evaluationId, (current) =>
        current !== undefined && roundOf(current.data) >= roundOf(request)
          ? current
          : { id: request.evaluationId, data: request },
      );
      const known = await knownSources(request);
      const mayCome = (id: string): boolean => {
        const source = known.get(id);
        return source === undefined || wasGivenUp(source);
      };
      for (const source of documentsOf(request).filter(mayCome)) {
        const { evaluationId } = request;
        await waiting.put({ id: `${source}:${evaluationId}`, source, evaluationId });
      }
      return decide(request, signal);
    },

    failed,
    sourceOf: async (documentId) => (await open()).sources.get(documentSourceId(documentId)),

    sourceKnown: async (source, signal) => {
      const { sources } = await open();
      const before = await sources.get(source.id);
      // First the rounds, then what the document became: a crash in between repeats both, and rounds
      // that nobody was told of may be left out.
      if (before !== undefined && wasGivenUp(before) && !wasGivenUp(source)) await reopen(source);
      await sources.put(source);
      return forWaiting(source.id, (request) =>
        decide(request, signal).catch((error: unknown) => {
          // What is wrong with one evaluation for good is not the document's fault, nor the others'.
          if (signal.aborted || isRetryable(error)) throw error;
          return failed(request, error);
        }),
      );
    },

    sourceGivenUp: async (rejected, error) => {
      const { sources } = await open();
      const standing = await sources.modify(rejected.id, (current) =>
        current === undefined || wasGivenUp(current) ? rejected : current,
      );
      const decided = await forWaiting(rejected.id, async (request) => {
        const next = decidePrepared(request, await knownSources(request));
        if (next === undefined) return [];
        return next.outcome === 'failed' ? say(next) : failed(request, error);
      });
      return { standing, decided };
    },
  };
}

/** Where the passages of an evaluation's sources lie in the index. */
function searchSources(
  { cvId, projectReportId, knowledge }: EvaluationRequested,
  cvSha256: string,
  reportSha256: string,
): RetrievalSource[] {
  const { job, brief, cv_rubric, project_rubric } = knowledge;
  return [
    { kind: 'cv', source: cvId, version: cvSha256 },
    { kind: 'project_report', source: projectReportId, version: reportSha256 },
    { kind: 'job', source: job.id, version: job.version },
    { kind: 'brief', source: brief.id, version: brief.version },
    { kind: 'rubric', source: cv_rubric.id, version: cv_rubric.version },
    { kind: 'rubric', source: project_rubric.id, version: project_rubric.version },
  ];
}
