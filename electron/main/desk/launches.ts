import { app } from 'electron';
import type { Disposer } from '../../../contract/errors.ts';
import { parseLaunch, type Launch } from './launch.ts';

/**
 * Everything that asks something of this program from outside: its own command line, that of a second start, a link
 * the system hands over (macOS, before the program is ready even). Kept until somebody listens.
 */
export class Launches {
  readonly first: Launch;
  private readonly waiting: Launch[] = [];
  private listener: ((launch: Launch) => void) | null = null;

  constructor(argv: readonly string[]) {
    this.first = parseLaunch(argv.slice(1));
    app.on('second-instance', (_event, commandLine) => this.arrived(parseLaunch(commandLine.slice(1))));
    app.on('open-url', (event, url) => {
      event.preventDefault();
      this.arrived(parseLaunch([url]));
    });
  }

  onLaunch(listener: (launch: Launch) => void): Disposer {
    this.listener = listener;
    for (const launch of this.waiting.splice(0)) listener(launch);
    return () => void (this.listener = null);
  }

  private arrived(launch: Launch): void {
    if (this.listener === null) this.waiting.push(launch);
    else this.listener(launch);
  }
}
