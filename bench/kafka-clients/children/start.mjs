/** How long one client takes to import, and what it adds to the memory of an empty process. */
import { PACKAGES } from '../clients/load.mjs';
import { finishChild, optionsOfChild } from '../children.mjs';
import { residentMib } from '../figures.mjs';

const { client } = optionsOfChild();
const before = residentMib();
const startedAt = performance.now();
await import(PACKAGES[client]);
const importMs = performance.now() - startedAt;
finishChild({ 'import, ms': importMs, 'memory that the import adds, MiB': residentMib() - before });
