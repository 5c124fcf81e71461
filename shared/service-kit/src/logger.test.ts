import { expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

it('keeps words and keys out of the log when someone logs a whole object', () => {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line) => lines.push(line) },
  });
  logger.info(
    {
      passage: { text: 'Budi lives in Bandung' },
      filename: 'Budi.pdf',
      client: { apiKey: 'sk-1' },
    },
    'x',
  );
  expect(lines.join('')).not.toMatch(/Budi|sk-1/);
  expect(lines.join('')).toContain('[redacted]');
});
