import { join } from 'node:path';

/** Where a Linux desktop looks for what to start (XDG autostart specification). */
export const autostartFile = (environment: NodeJS.ProcessEnv, home: string): string => join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'autostart', 'sangdam.desktop');

/** The entry for it. An argument in quotes has its own escapes (Desktop Entry Specification, "The Exec key"). */
export function autostartEntry(executable: string, args: readonly string[]): string {
  const quoted = [executable, ...args].map((argument) => `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`);
  return ['[Desktop Entry]', 'Type=Application', 'Name=Sangdam', `Exec=${quoted.join(' ')}`, 'X-GNOME-Autostart-enabled=true', ''].join('\n');
}
