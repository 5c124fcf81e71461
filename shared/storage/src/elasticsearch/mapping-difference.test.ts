import { describe, expect, it } from '@jest/globals';
import { mappingDifference } from './mapping-difference.ts';
import { passageMapping } from './passage-index.ts';

const expected = passageMapping('model-a', 3);

describe('The difference of a mapping', () => {
  it('is none to itself, with what a server adds, and with numbers and booleans as text', () => {
    expect(mappingDifference(expected, expected)).toBeUndefined();
    const { vector, ...others } = expected.properties ?? {};
    const told = {
      ...expected,
      date_detection: false,
      properties: {
        ...others,
        vector: { ...vector, dims: '3', index: 'true', element_type: 'float' },
      },
    };
    expect(mappingDifference(expected, told)).toBeUndefined();
  });

  it.each([
    [passageMapping('model-b', 3), '_meta.embeddingModel is model-b, not model-a'],
    [passageMapping('model-a', 4), '_meta.dimensions is 4, not 3'],
    [{ ...expected, _meta: undefined }, '_meta.embeddingModel is missing, not model-a'],
    [{ ...expected, dynamic: true }, 'dynamic is true, not strict'],
    [{ ...expected, properties: {} }, 'properties.kind.type is missing, not keyword'],
    [{}, 'dynamic is missing, not strict'],
  ])('is named, the first of them: %#', (actual, difference) => {
    expect(mappingDifference(expected, actual)).toBe(difference);
  });
});
