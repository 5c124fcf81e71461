import type { Client, estypes } from '@elastic/elasticsearch';
import { StorageError } from '../storage-error.ts';
import { INDEX_NOT_FOUND, isRefusedWith, type Ask } from './elasticsearch-call.ts';
import { mappingDifference } from './mapping-difference.ts';
import { copyPassages, type CopyProgress, type Embed } from './passage-copy.ts';
import {
  embeddingModelOf,
  INDEX_SETTINGS,
  passageMapping,
  type IndexNames,
} from './passage-index.ts';

export type EnsureIndexOptions = {
  /** Embeds texts by this index's model, a vector each; a rebuild needs it. */
  readonly embed?: Embed;
  /** Told during a rebuild, every few hundred passages. */
  readonly onProgress?: (progress: CopyProgress) => void;
};

export type EnsuredIndex = {
  readonly index: string;
  /** `rebuilt`: it has taken the place of another model's index. */
  readonly outcome: 'kept' | 'made' | 'rebuilt';
  /** Passages that were embedded anew, by this call. */
  readonly copied: number;
};

type FoundIndex = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly mapping: estypes.MappingTypeMapping;
};

/** More than there are ever set-ups at once that overtake each other. */
const MAX_ROUNDS = 10;

/** The step of the set-up that makes the index of one embedding model, or rebuilds it. */
export function createIndexSetUp(
  ask: Ask,
  client: Client,
  names: IndexNames,
  model: { readonly embeddingModel: string; readonly dimensions: number },
): (options?: EnsureIndexOptions) => Promise<EnsuredIndex> {
  const mapping = passageMapping(model.embeddingModel, model.dimensions);

  /** In the order of their names, so that everybody who looks sees the same one first. */
  async function findIndexes(): Promise<FoundIndex[]> {
    const index = [names.everyModel, names.current, names.alias];
    const found = await ask('look for search indexes', (request) =>
      client.indices.get({ index, ignore_unavailable: true }, request),
    );
    return Object.entries(found)
      .map(([name, { aliases, mappings }]) => ({
        name,
        aliases: Object.keys(aliases ?? {}),
        mapping: mappings ?? {},
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  function assertMapping(found: FoundIndex): void {
    const difference = mappingDifference(mapping, found.mapping);
    if (difference === undefined) return;
    throw new StorageError(
      'storage_unusable',
      `The index ${found.name} was made for another version of Berkas (${difference}): delete it ` +
        'and run `berkas setup`. Passages are indexed again when an evaluation needs them.',
    );
  }

  /** Without the model's alias: no service reads or writes it before it is whole. */
  async function makeIndex(): Promise<string> {
    await ask('make the search index', async (request) => {
      try {
        await client.indices.create(
          {
            index: names.firstIndex,
            aliases: { [names.everyModel]: {} },
            settings: INDEX_SETTINGS,
            mappings: mapping,
          },
          request,
        );
      } catch (error) {
        // Another set-up was faster.
        if (!isRefusedWith(error, ['resource_already_exists_exception'])) throw error;
      }
    });
    return names.firstIndex;
  }

  /** All at once or nothing; answers `false` when another set-up has moved an alias meanwhile. */
  const changeAliases = (actions: estypes.IndicesUpdateAliasesAction[]): Promise<boolean> =>
    ask('move the aliases of the search index', async (request) => {
      try {
        await client.indices.updateAliases({ actions }, request);
        return true;
      } catch (error) {
        if (isRefusedWith(error, ['aliases_not_found_exception', INDEX_NOT_FOUND])) return false;
        throw error;
      }
    });

  const leave = (index: string): estypes.IndicesUpdateAliasesAction => ({
    remove: { index, alias: names.current, must_exist: true },
  });

  const moveTo = (index: string, from: string | undefined): Promise<boolean> =>
    changeAliases([
      ...(from === undefined || from === index ? [] : [leave(from)]),
      { add: { index, alias: names.current } },
      { add: { index, alias: names.alias } },
    ]);

  const copy = (from: FoundIndex, into: string, options: EnsureIndexOptions): Promise<number> =>
    copyPassages(ask, client, {
      from: from.name,
      into,
      dimensions: model.dimensions,
      embed: options.embed ?? (() => Promise.reject(rebuildNeeded(from, model.embeddingModel))),
      onProgress: options.onProgress ?? (() => undefined),
    });

  return async (options = {}) => {
    let outcome: EnsuredIndex['outcome'] = 'kept';
    let copied = 0;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const indexes = await findIndexes();
      const own = indexes.find(({ aliases }) => aliases.includes(names.alias));
      const begun = own ?? indexes.find(({ name }) => name === names.firstIndex);
      if (begun) assertMapping(begun);
      const inUse = indexes.filter(({ aliases }) => aliases.includes(names.current));
      const [current, ...surplus] = inUse;
      if (surplus.length > 0) {
        // Set-ups for two models made the first index at once: one of them comes first.
        await changeAliases(surplus.map(({ name }) => leave(name)));
        continue;
      }
      if (own && own.name === current?.name) return { index: own.name, outcome, copied };
      const index = begun?.name ?? (await makeIndex());
      if (current && current.name !== index) copied += await copy(current, index, options);
      if (!(await moveTo(index, current?.name))) continue;
      outcome = current ? 'rebuilt' : own ? 'kept' : 'made';
    }
    throw new StorageError('storage_busy', 'Other set-ups keep changing the search indexes.');
  };
}

const rebuildNeeded = (current: FoundIndex, embeddingModel: string): StorageError =>
  new StorageError(
    'storage_unusable',
    `The index in use is of the model ${embeddingModelOf(current.mapping) ?? current.name}. For the ` +
      `model ${embeddingModel} its passages have to be embedded anew: run \`berkas setup\`.`,
  );
