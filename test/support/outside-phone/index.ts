import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { build } from 'vite';
import { Party } from '../browser.ts';
import { until } from '../until.ts';
import type { Voice } from '../tones.ts';
import type { Line, TransferOutcome } from './page.ts';

/** Pages with JsSIP in them. One per test file. */
export class OutsidePhones {
  private readonly sipUrl: string;
  private readonly page: string;
  private readonly script: string;
  private readonly server: Server;

  private constructor(parts: { sipUrl: string; page: string; script: string; server: Server }) {
    this.sipUrl = parts.sipUrl;
    this.page = parts.page;
    this.script = parts.script;
    this.server = parts.server;
  }

  /**
   * @param sipUrl WebSocket address of the switch
   * @param page a page of the center, where the switch is in it: it takes no phone from another site's page
   */
  static async serve(sipUrl: string, page?: string): Promise<OutsidePhones> {
    const script = await bundle();
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><meta charset="utf-8"><title>JsSIP</title>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const isInCenter = page !== undefined && new URL(page).host === new URL(sipUrl).host;
    return new OutsidePhones({ sipUrl, script, server, page: isInCenter ? page : `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  }

  /** Opens a phone in a browser context of its own and registers it. @throws with the SIP status when refused */
  async open(browser: Browser, voice: Voice, account: { user: string; password: string }): Promise<OutsidePhone> {
    const party = await Party.create(browser, voice);
    await party.page.goto(this.page);
    await party.page.evaluate(this.script);
    const result = await party.page.evaluate((settings) => window.outsidePhone.start(settings), {
      ...account,
      server: this.sipUrl,
      domain: '127.0.0.1',
    });
    if (result !== 'registered') throw new Error(`registration as ${account.user} answered ${result}`);
    return new OutsidePhone(party);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A JsSIP phone; lines are numbered in the order of their calls. */
export class OutsidePhone {
  readonly party: Party;

  constructor(party: Party) {
    this.party = party;
  }

  async call(target: string): Promise<number> {
    return this.party.page.evaluate((number) => window.outsidePhone.call(number), target);
  }

  /** Waits for the next incoming call beyond `known` lines. @returns its line */
  async rings(known = 0): Promise<Line> {
    const found = await this.party.page.waitForFunction(
      (count) => window.outsidePhone.lines.slice(count).find((line) => line.direction === 'incoming' && line.state !== 'failed' && line.state !== 'ended'),
      known,
      { polling: 50 },
    );
    const line = await found.jsonValue();
    if (line === undefined) throw new Error('no incoming call');
    return line;
  }

  /** Waits until a line is in this state. @returns the line */
  async until(id: number, state: Line['state']): Promise<Line> {
    const reached = await this.party.page.waitForFunction(
      ([line, wanted]) => {
        const found = window.outsidePhone.lines[line];
        return found?.state === wanted ? found : undefined;
      },
      [id, state] as const,
      { polling: 50 },
    );
    const line = await reached.jsonValue();
    if (line === undefined) throw new Error(`line ${id} never was ${state}`);
    return line;
  }

  async answer(id: number): Promise<void> {
    await this.party.page.evaluate((line) => window.outsidePhone.answer(line), id);
    await this.until(id, 'talking');
  }

  async reject(id: number, status: number): Promise<void> {
    await this.party.page.evaluate(([line, code]) => window.outsidePhone.reject(line, code), [id, status] as const);
  }

  async hangUp(id: number): Promise<void> {
    await this.party.page.evaluate((line) => window.outsidePhone.hangUp(line), id);
  }

  async setHeld(id: number, held: boolean): Promise<void> {
    await this.party.page.evaluate(([line, on]) => window.outsidePhone.setHeld(line, on), [id, held] as const);
    await this.party.page.waitForFunction(([line, on]) => window.outsidePhone.lines[line]?.held === on, [id, held] as const, { polling: 50 });
  }

  async sendDigit(id: number, digit: string, transport: 'RFC2833' | 'INFO' = 'RFC2833'): Promise<void> {
    await until('audio leaves, so that a key can', () => this.party.page.evaluate((line) => window.outsidePhone.canSendKeys(line), id));
    await this.party.page.evaluate(([line, key, way]) => window.outsidePhone.sendDigit(line, key, way), [id, digit, transport] as const);
  }

  async transfer(id: number, target: string, replaces: number | null = null): Promise<TransferOutcome> {
    return this.party.page.evaluate(([line, to, other]) => window.outsidePhone.transfer(line, to, other), [id, target, replaces] as const);
  }
}

/** page.ts with JsSIP as one classic script. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rolldownOptions: { input: join(import.meta.dirname, 'page.ts'), output: { format: 'iife' } },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  for (const output of outputs) {
    if (!('output' in output)) continue;
    for (const chunk of output.output) if (chunk.type === 'chunk') return chunk.code;
  }
  throw new Error('the outside phone did not build');
}
