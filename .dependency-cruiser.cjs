/**
 * Which way the words may travel. Tests may see everything; the product never sees a test. Every rule here has a case
 * in test/unit/ground/import-rules.test.ts that breaks it.
 */
const product = '^(agent|receiver|shared|installers)/';

/** `library` may be imported by the product only from files matching `places`. */
function onlyIn(library, places, why) {
  return {
    name: `${library}-in-one-place`,
    severity: 'error',
    comment: why,
    from: { path: product, pathNot: places },
    to: { path: `(^|/)node_modules/(@types/)?${library}/` },
  };
}

/** Files under `folder` may import, inside the repository, only from `allowed`. */
function layer(folder, allowed) {
  const name = folder.replaceAll('/', '-');
  return {
    name: `${name}-layer`,
    severity: 'error',
    comment: `${folder} may import from ${allowed.join(', ')} only`,
    from: { path: `^${folder}/` },
    to: {
      path: '^(agent|receiver|shared|installers)/',
      pathNot: allowed.map((one) => `^${one}/`),
    },
  };
}

/** Implementations are chosen where the program is put together; elsewhere their types are enough. */
function implementation(name, path, places) {
  return {
    name: `${name}-chosen-at-the-root`,
    severity: 'error',
    comment: 'only composition roots and commands import this; others take it as an argument',
    from: { path: product, pathNot: places },
    to: { path, dependencyTypesNot: ['type-only'] },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependency',
      severity: 'error',
      comment: 'a package that package.json does not name',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'product-without-development-packages',
      severity: 'error',
      comment: 'what makes the packages runs where the packages are made',
      from: { path: product, pathNot: '^installers/(common|linux|windows|container)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { path: product },
      to: { path: '^test/' },
    },
    {
      name: 'agent-without-receiver',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(receiver|installers)/' },
    },
    {
      name: 'receiver-without-agent',
      severity: 'error',
      from: { path: '^receiver/' },
      to: { path: '^(agent|installers)/' },
    },
    layer('shared/runtime', ['shared/runtime']),
    layer('shared/i18n', ['shared/runtime', 'shared/i18n']),
    layer('shared/feeds', ['shared/runtime', 'shared/i18n', 'shared/feeds']),
    layer('shared/envelope', ['shared/runtime', 'shared/i18n', 'shared/feeds', 'shared/envelope']),
    layer('shared/protocol', ['shared']),
    layer('shared/release', ['shared/runtime', 'shared/i18n', 'shared/release']),
    onlyIn(
      'esbuild',
      ['^installers/common/bundle\\.ts$'],
      'the program as it is installed is put together once',
    ),

    implementation('sqlite-store', '^receiver/store/sqlite', [
      '^receiver/store/',
      '^receiver/(receiver|portal|main)\\.ts$',
      '^receiver/commands/',
      '^installers/',
    ]),
    implementation('destinations', '^receiver/forward/transports/(directory|sftp|ftps|https|submission)', [
      '^receiver/forward/open-destination\\.ts$',
      '^receiver/forward/transports/',
    ]),
    implementation('receiver-client', '^agent/push/receiver-client', [
      '^agent/(agent|main)\\.ts$',
      '^agent/enrolment/',
      '^agent/commands/',
    ]),
    implementation('roots', '^(agent/agent|receiver/receiver)\\.ts$', [
      '^(agent|receiver)/main\\.ts$',
      '^(agent|receiver)/commands/',
    ]),
    implementation('commands', '^(agent|receiver)/commands/', [
      '^(agent|receiver)/main\\.ts$',
      '^(agent|receiver)/commands/',
      '^installers/',
    ]),

    onlyIn('chokidar', ['^agent/source/'], 'events are a hint: the scan of the folder is the truth'),
    onlyIn('better-sqlite3', ['^shared/runtime/sqlite\\.ts$'], 'pragmas are set and read back on every open'),
    onlyIn(
      'undici',
      [
        '^agent/[^/]+/[^/]*client[^/]*\\.ts$',
        '^receiver/forward/transports/[^/]*client[^/]*\\.ts$',
        '^receiver/alerts/[^/]*client[^/]*\\.ts$',
      ],
      'clients only',
    ),
    onlyIn(
      'node-forge',
      ['^shared/envelope/', '^receiver/pki/'],
      'structures only, never bulk or private keys',
    ),
    onlyIn(
      'fastify',
      ['^receiver/app[^/]*\\.ts$', '^receiver/(routes|auth)/'],
      'the inbox and the store know nothing of HTTP',
    ),
    {
      name: 'pages-read-within-a-reach',
      severity: 'error',
      comment: 'a page asks the reads, which know whose eyes they answer',
      from: { path: '^receiver/pages/', pathNot: '^receiver/pages/(reads/|deps\\.ts$)' },
      to: { path: '^receiver/store/(store|sqlite[^/]*)\\.ts$' },
    },
    onlyIn(
      '@fastify',
      ['^receiver/app[^/]*\\.ts$', '^receiver/(routes|auth)/'],
      'pages answer values: only routes know HTTP',
    ),
    onlyIn('@node-rs/argon2', ['^receiver/accounts/'], 'one way to keep a password'),
    onlyIn('otpauth', ['^receiver/accounts/'], 'one way to check a code'),
    onlyIn('openid-client', ['^receiver/auth/'], 'one door to a provider of identities'),
    onlyIn('uqr', ['^receiver/pages/accounts/'], 'one drawing of a code'),
    onlyIn('pino', ['^shared/runtime/logger\\.ts$'], 'one form of log line'),
    onlyIn(
      'commander',
      ['^(agent|receiver)/main\\.ts$', '^(agent|receiver)/commands/', '^installers/[^/]+/main\\.ts$'],
      'command lines only',
    ),
    onlyIn('saxes', ['^agent/reader/'], 'one door for XML, with its guards'),
    onlyIn('csv-parse', ['^agent/reader/'], 'one door for CSV, with its guards'),
    onlyIn(
      'iconv-lite',
      ['^agent/reader/', '^receiver/forward/formats/'],
      'one door for encodings at each end',
    ),
    onlyIn(
      'yaml',
      [
        '^(agent|receiver)/config[^/]*\\.ts$',
        '^agent/mapping/',
        '^shared/runtime/settings\\.ts$',
        '^shared/runtime/yaml-lines\\.ts$',
      ],
      'configuration and mappings only',
    ),
    onlyIn(
      'openpgp',
      ['^agent/source/', '^receiver/forward/protection/openpgp'],
      'opened where an export is claimed, sealed where a dispatch leaves',
    ),
    onlyIn('ssh2-sftp-client', ['^receiver/forward/transports/sftp'], 'one SFTP client, host key pinned'),
    onlyIn('ssh2', ['^receiver/forward/transports/sftp'], 'one SFTP client, host key pinned'),
    onlyIn('basic-ftp', ['^receiver/forward/transports/ftps'], 'one FTPS client, certificate checked'),
    onlyIn(
      'fflate',
      [
        '^receiver/forward/parcel\\.ts$',
        '^receiver/extraction/files/xlsx-file\\.ts$',
        '^installers/common/update-bundle\\.ts$',
        '^agent/update/update-file\\.ts$',
      ],
      'one form of zip a purpose',
    ),
    onlyIn('croner', ['^receiver/forward/calendar/'], 'one reading of a calendar'),
    onlyIn(
      'nodemailer',
      ['^agent/health/', '^receiver/alerts/'],
      'the notice of an outage at one end, alerts at the other',
    ),
    onlyIn('jose', ['^shared/protocol/'], 'signed statements have one form'),
    onlyIn('temporal-polyfill', ['^shared/runtime/paris-time\\.ts$'], 'one idea of a day'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
