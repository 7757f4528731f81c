/** The arrows between rooms (docs/architecture.md): anything not allowed here fails the lint. */
const room = (name) => `^(packages|apps)/${name}/`;

/** What each room may import of ours. */
const ARROWS = {
  tiff: [],
  raw: ['tiff'],
  picture: ['tiff'],
  engine: ['raw'],
  optics: ['raw'],
  measure: [],
  cli: ['engine', 'raw', 'picture', 'optics', 'measure'],
  web: ['engine', 'raw', 'picture'],
};

module.exports = {
  forbidden: [
    ...Object.entries(ARROWS).map(([name, allowed]) => ({
      name: `${name}-imports-only-${allowed.join('-') || 'nothing'}`,
      severity: 'error',
      from: { path: room(name) },
      to: {
        path: '^(packages|apps|bench)/',
        pathNot: [
          room(name),
          ...allowed.map((target) => `^packages/${target}/(dist|src)/index\\.(d\\.)?[jt]s$`),
        ],
      },
    })),
    {
      name: 'bench-enters-packages-through-their-index',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^packages/', pathNot: '^packages/[^/]+/(dist|src)/index\\.(d\\.)?[jt]s$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'node-only-behind-conditional-imports',
      severity: 'error',
      from: {
        path: '^packages/',
        // Scripts that make data which ships are run by hand in Node: they stand in import/ and catalogue/.
        pathNot:
          '(/platform/node|/encoders/node|/node[-.]|\\.test\\.ts$|/testing/|/test/|/(import|catalogue)/[^/]+\\.mjs$)',
      },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '(^|/)(kernel|kernels|xtrans\\.kernel)\\.ts$' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
