// The dependency direction of the README's “How it is built”: contract is the floor, hosts and roots are the ceiling.
// A folder not named in `to` may not be imported; `npm run boundaries` fails the build otherwise.
const OURS = '^(contract|agent|electron|web|renderer|center|server|worker|demo|scripts|bench|test)/';

/** @param {string} name @param {string[]} allowed layers (path patterns) that it may import */
const layer = (name, allowed) => ({
  name: `${name}-imports-only-${['itself', ...allowed].join('-and-')}`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: OURS, pathNot: [`^${name}/`, ...allowed.map((a) => `^${a}/`)] },
});

/** @param {string} pkg package name pattern @param {string[]} homes the only folders that may import it */
const only = (name, pkg, homes) => ({
  name,
  severity: 'error',
  from: { path: '^(contract|agent|electron|web|renderer|center|server|worker|demo)/', pathNot: homes.map((h) => `^${h}/`) },
  to: { path: `node_modules/${pkg}/` },
});

module.exports = {
  forbidden: [
    layer('contract', []),
    layer('agent', ['contract']),
    layer('electron/main', ['agent', 'contract', 'electron']),
    layer('electron/preload', ['contract']),
    layer('web', ['agent', 'contract']),
    layer('renderer', ['contract']),
    layer('demo', ['contract']),
    layer('center', ['contract']),
    layer('server', ['center', 'web', 'contract']),
    {
      name: 'the-worker-knows-jobs-and-what-they-work-on-alone',
      severity: 'error',
      from: { path: '^worker/' },
      to: { path: OURS, pathNot: ['^worker/', '^center/(jobs|media|store)/index\\.ts$', '^server/clock\\.ts$'] },
    },
    only('electron-stays-in-electron', 'electron', ['electron']),
    only('werift-stays-in-the-embedded-switch', 'werift', ['center/switch/embedded']),
    only('sip-js-stays-behind-the-phones', 'sip\\.js', ['agent/phone', 'center/switch/embedded', 'demo/customer']),
    only('socket-io-client-stays-in-cti', 'socket\\.io-client', ['agent/cti', 'renderer/app']),
    only('factors-stay-with-the-accounts', '(otpauth|@simplewebauthn)', ['center/accounts']),
    only('signing-for-s3-stays-in-its-store', 'aws4fetch', ['center/media/s3']),
    only('postgres-stays-in-the-store', 'pg', ['center/store/dialect/postgres']),
    only('sqlite-stays-in-the-cache-and-the-store', 'better-sqlite3', ['agent/customers', 'center/store/dialect/sqlite']),
    {
      name: 'the-engine-is-unknown-above-the-port',
      severity: 'error',
      from: { path: '^center/', pathNot: '^center/switch/' },
      to: { path: '^center/switch/(embedded|asterisk)/' },
    },
    {
      // The list of capabilities alone takes each one's endpoints.
      name: 'a-capability-with-a-door-is-reached-by-it',
      severity: 'error',
      from: { path: '^(center|server|worker)/', pathNot: ['^center/(jobs|media)/', '^center/capabilities\\.ts$'] },
      to: { path: '^center/(jobs|media)/', pathNot: '^center/(jobs|media)/index\\.ts$' },
    },
    {
      name: 'one-engine-knows-nothing-of-another',
      severity: 'error',
      from: { path: '^center/switch/([^/]+)/' },
      to: { path: '^center/switch/[^/]+/', pathNot: '^center/switch/$1/' },
    },
    {
      name: 'what-engines-share-knows-none-of-them',
      severity: 'error',
      from: { path: '^center/switch/[^/]+\\.ts$' },
      to: { path: '^center/switch/[^/]+/' },
    },
    {
      name: 'peer-connections-stay-in-media',
      severity: 'error',
      from: { path: '^renderer/(features|shared|ui)/' },
      to: { path: '^renderer/media/peer' },
    },
    {
      name: 'a-feature-knows-no-other-feature',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'what-features-share-knows-none-of-them',
      severity: 'error',
      from: { path: '^renderer/(shared|ui|media)/' },
      to: { path: '^renderer/features/' },
    },
    {
      name: 'the-window-knows-a-feature-by-its-manifest',
      severity: 'error',
      from: { path: '^renderer/(app/|main\\.ts$)' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/[^/]+/manifest\\.ts$' },
    },
    // A page that is fetched later knows the window that fetches it.
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig/node.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mts', '.js', '.vue', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
