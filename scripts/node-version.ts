const NEEDED_MAJOR = 24;

/**
 * Our scripts run on the Node that `npm ci` puts into node_modules/.bin, whatever the host has; npm puts that folder
 * first. Started by hand with an older one they say so, before anything crashes for reasons nobody could guess.
 */
export function requireNode(version: string = process.versions.node): void {
  const major = Number(version.split('.', 1)[0]);
  if (major >= NEEDED_MAJOR) return;
  console.error(`This needs Node ${NEEDED_MAJOR}, and is running on ${version}.\nStart it through npm (npm start, npm test, npm run …): npm uses the Node in node_modules/.bin, which \`npm ci\` has put there.`);
  process.exit(1);
}
