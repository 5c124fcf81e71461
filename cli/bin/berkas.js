#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
if (!existsSync(entry)) {
  console.error('Berkas is not built yet. Run `npm run build` (npm ci does it too) and try again.');
  process.exit(2);
}
await import(entry.href);
