/**
 * The first place in which a mapping is not what we ask for, such as `properties.vector.dims is 4,
 * not 3`; `undefined` when there is none. What the server adds of its own is no difference.
 */
export function mappingDifference(
  expected: unknown,
  actual: unknown,
  path = 'mapping',
): string | undefined {
  if (isRecord(expected)) {
    for (const [key, value] of Object.entries(expected)) {
      const held = isRecord(actual) ? actual[key] : undefined;
      const difference = mappingDifference(
        value,
        held,
        path === 'mapping' ? key : `${path}.${key}`,
      );
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (shown(actual) === shown(expected)) return undefined;
  return `${path} is ${shown(actual)}, not ${shown(expected)}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Numbers and booleans that come back as strings stay the same. */
const shown = (value: unknown): string =>
  value === undefined ? 'missing' : typeof value === 'string' ? value : JSON.stringify(value);
