/**
 * Aliases that are also everyday words, names or letters. Each counts only among technologies: in a
 * list beside one, or capitalised in a statement that speaks of software. The words just before or
 * after listed here rule it out whatever surrounds it ("East Java", "go live", "pastry chef").
 */
export type Ambiguity = {
  readonly before?: string;
  readonly after?: string;
  /** Counts anywhere but beside these words: Indonesian *api* is fire, and the API is written alike. */
  readonly standsAlone?: true;
};

const SEASON =
  'semester, break, collection, season, festival, term, sale, menu, onion, water, cleaning, rolls';

export const AMBIGUOUS: ReadonlyMap<string, Ambiguity> = new Map<string, Ambiguity>([
  [
    'go',
    {
      before: 'to, i, we, on, gofood, let, will, can, must, should',
      after:
        'to, live, jek, food, pay, send, car, ride, beyond, through, over, public, green, international, further, ahead, back, up, down, out, home, the, into, for',
    },
  ],
  ['r', { after: 'd, squared, b' }],
  [
    'c',
    {
      before:
        'vitamin, grade, class, hepatitis, type, plan, series, section, kelas, level, golongan, sim, appendix, room, block, blok',
      after: 'level, suite, section, programming was',
    },
  ],
  ['rust', { after: 'removal, proof, free, resistant, belt, protection' }],
  ['spring', { before: 'in, this, last, every, hot, each, mata', after: SEASON }],
  [
    'express',
    {
      before: 'to, american, orient, pony, jne, federal, idul, kereta',
      after:
        'delivery, train, mail, courier, checkout, shipping, lane, gratitude, my, our, their, bank, entry',
    },
  ],
  ['rails', { before: 'guard, hand, on, railway, curtain', after: '' }],
  [
    'rest',
    {
      before: 'the, a, of, to, some, complete',
      after: 'of, day, days, room, area, stop, assured, and, in, on',
    },
  ],
  [
    'java',
    {
      before: 'east, west, central, north, south, greater, bank, nusa, island',
      after: 'island, sea, coffee, indonesia, barat, timur, tengah, regency, province, bali',
    },
  ],
  ['ruby', { before: 'ms, mrs, miss', after: 'tuesday, gemstone, ring, chocolate' }],
  ['swift', { after: 'code, response, action, transfer, delivery, resolution' }],
  ['dart', { after: 'board, tournament' }],
  [
    'api',
    {
      before: 'kereta, gunung, kembang, pemadam, kompor, nyala, percikan, titik, alat pemadam',
      after: 'unggun, kebakaran',
      standsAlone: true,
    },
  ],
  ['kontainer', { before: 'truk, bongkar, muat' }],
  ['scala', {}],
  ['perl', {}],
  ['elixir', {}],
  ['node', {}],
  ['react', { before: 'to, will, can, quickly', after: 'to, quickly, fast' }],
  ['koa', {}],
  ['adonis', {}],
  ['flask', { before: 'hip, laboratory, vacuum', after: '' }],
  ['gin', { before: '', after: 'tonic, and tonic' }],
  ['echo', {}],
  ['fiber', { before: 'dietary, glass, carbon, high', after: 'optic, optics, cable' }],
  ['phoenix', { after: 'arizona, hotel' }],
  ['oracle', {}],
  ['cassandra', {}],
  ['chroma', {}],
  ['claude', { after: 'monet, debussy' }],
  ['gemini', {}],
  ['mistral', {}],
  ['llama', {}],
  ['rag', { after: 'doll, dolls, time, rug' }],
  ['transformers', {}],
  ['containers', { before: 'shipping, storage, food' }],
  ['spark', { after: 'plug, plugs, joy' }],
  ['angular', {}],
  ['haystack', {}],
  ['bedrock', {}],
  ['bert', {}],
  ['indexing', {}],
  ['replication', {}],
  ['prompt', { before: 'and', after: 'service, delivery, payment, response, and' }],
  ['prompts', {}],
  ['prompting', {}],
  ['tested', {}],
  ['testing', {}],
  ['pengujian', {}],
  ['cache', {}],
  ['worker', { before: 'social, factory, health, hard, kitchen, care' }],
  ['workers', { before: 'social, factory, health, kitchen, care, of' }],
  ['queue', {}],
  ['queues', {}],
  ['antrean', {}],
  ['antrian', {}],
  ['scaling', {}],
  ['scalable', {}],
  ['endpoint', {}],
  ['endpoints', {}],
  ['indexing', {}],
  ['encryption', {}],
  [
    's3',
    {
      before: 'program, pendidikan, studi, gelar, lulusan, doktor',
      after: 'teknik, ilmu, hukum, ekonomi',
    },
  ],
  ['db', {}],
  ['sns', {}],
  ['helm', { before: 'the', after: 'motor, proyek' }],
  ['swagger', {}],
  ['postman', {}],
  ['locust', {}],
  ['cypress', {}],
  ['bootstrap', {}],
  ['looker', {}],
  ['long running', {}],
  ['asynchronous', {}],
  ['retry', {}],
  ['retries', {}],
]);
