import { describe, expect, it } from '@jest/globals';
import { altered, COMPLETED, DOCUMENTS, FAILED, kept, result, without } from './cooked.ts';
import { checkReadModel } from './read-model.ts';

const [document = ''] = DOCUMENTS;
const viewOf = (id: string) => {
  const view = kept.evaluationViews.get(id);
  if (view === undefined) throw new Error('It has a view.');
  return view;
};

describe('the read model', () => {
  it('agrees with the log and the store', () => {
    expect(checkReadModel(kept)).toEqual([]);
  });

  it('does not where a view is missing, or is of nothing', () => {
    const evaluationViews = altered(kept.evaluationViews, COMPLETED, undefined);
    expect(checkReadModel({ ...kept, evaluationViews })).toEqual([`${COMPLETED}: has no view`]);
    const requested = without(kept.requested, FAILED);
    expect(checkReadModel({ ...kept, requested })).toEqual([
      `${FAILED}: has a view, and is not in the log`,
    ]);
  });

  it('does not where a view is open or closed otherwise than the log says', () => {
    const { closed: _, ...open } = viewOf(COMPLETED);
    const evaluationViews = altered(kept.evaluationViews, COMPLETED, open);
    expect(checkReadModel({ ...kept, evaluationViews })).toEqual([
      `${COMPLETED}: undefined in its view, completed in the log`,
    ]);
    const { closed } = viewOf(FAILED);
    const crossed = altered(kept.evaluationViews, COMPLETED, { ...open, closed });
    expect(checkReadModel({ ...kept, evaluationViews: crossed })).toEqual([
      `${COMPLETED}: failed in its view, completed in the log`,
    ]);
  });

  it('does not where a view has other words than the store', () => {
    const results = altered(kept.results, COMPLETED, { ...result, overall_summary: 'Other.' });
    expect(checkReadModel({ ...kept, results })).toEqual([
      `${COMPLETED}: its view is closed with other words than the log and the store have`,
    ]);
  });

  it('does not where a document is unread in its view, or was read in two ways', () => {
    const documentViews = altered(kept.documentViews, document, { id: document, kind: 'cv' });
    expect(checkReadModel({ ...kept, documentViews })).toEqual([
      `${document}: not read in its view, ingested in the log`,
    ]);
    const [event] = kept.ingested.get(document) ?? [];
    if (event === undefined) throw new Error('It was read.');
    const twice = altered(kept.ingested, document, [event, { ...event, pages: 2 } as typeof event]);
    expect(checkReadModel({ ...kept, ingested: twice })).toEqual([`${document}: read in 2 ways`]);
  });
});
