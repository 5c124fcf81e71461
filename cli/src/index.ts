export { createBerkas, type Berkas } from './berkas.ts';
export { Variables } from './config.ts';
