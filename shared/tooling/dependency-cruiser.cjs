// The arrows of docs/architecture.md: each layer may import the ones before it, never one after it.
const LAYERS = [
  ['shared/contracts'],
  ['shared/service-kit'],
  ['shared/messaging', 'shared/storage', 'shared/llm'],
  ['shared/scoring', 'shared/composition'],
  ['services/'],
  ['cli', 'shared/e2e', 'bench', 'chaos'],
];

const pattern = (folders) => `^(${folders.map((folder) => folder.replace(/\/$/, '')).join('|')})/`;

const layerRules = LAYERS.map((layer, index) => ({
  name: `layer-${index}-imports-only-lower-layers`,
  comment:
    'Dependencies point one way: contracts ← service-kit ← … ← services ← cli, e2e, bench, chaos.',
  severity: 'error',
  from: { path: pattern(layer) },
  to: {
    path: pattern(
      LAYERS.slice(index + 1)
        .flat()
        .concat('(?!)'),
    ),
  },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'services-never-import-each-other',
      comment: 'Services speak through events alone.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'ports-are-siblings',
      comment: 'messaging, storage and llm know nothing of each other.',
      severity: 'error',
      from: { path: '^shared/(messaging|storage|llm)/' },
      to: { path: '^shared/(messaging|storage|llm)/', pathNot: '^shared/$1/' },
    },
    {
      name: 'contracts-depend-on-zod-alone',
      severity: 'error',
      from: { path: '^shared/contracts/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ holds decisions as functions of data: no I/O, no node: modules.',
      severity: 'error',
      from: { path: '/src/domain/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-testing-code-in-production',
      severity: 'error',
      from: { path: '^(shared|services|cli)/', pathNot: '(\\.test\\.ts$|/testing/|^shared/e2e/)' },
      to: { path: '(/testing/|\\.test\\.ts$)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // These two have packages of their own, which are there only once they have run.
    exclude: { path: '(^|/)dist/|^shared/e2e/containers/|^bench/kafka-clients/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
