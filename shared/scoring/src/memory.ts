/** Far more than is in use at a time; then it begins anew. */
const MAX_REMEMBERED = 500;

/**
 * Remembers what was read for a key whose value never changes, such as a content version. Calls made
 * meanwhile share the read; a failure is not remembered, so that the next call tries again.
 */
export function createMemory<Value>() {
  const memory = new Map<string, Promise<Value>>();
  return (key: string, read: () => Promise<Value>): Promise<Value> => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    if (memory.size >= MAX_REMEMBERED) memory.clear();
    const reading = read();
    memory.set(key, reading);
    reading.catch(() => memory.delete(key));
    return reading;
  };
}
