import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SignedIn } from '../../contract/cti/index.ts';
import { AppError, type Result } from '../../contract/errors.ts';
import { startServer } from '../../server/server.ts';
import { launchBrowser } from '../support/browser.ts';
import { temporaryFolder, valueOf } from '../unit/store/support.ts';

const PASSWORD = 'sangdam-demo';
const ACCOUNT = { account: 'agent1', password: PASSWORD, client: 'web' };

/** A page of the center in a real browser, with an authenticator in it that a person would hold. */
class Desk {
  private readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, origin: string): Promise<Desk> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    // Any answer of this origin is a page of it; passkeys are the origin's.
    await page.goto(`${origin}/healthz`);
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    return new Desk(page);
  }

  ask(path: string, body: unknown, token = ''): Promise<Result<unknown>> {
    return this.page.evaluate(
      async ({ path: asked, body: said, token: bearer }) => {
        const response = await fetch(`/api/auth/${asked}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(bearer !== '' && { authorization: `Bearer ${bearer}` }) }, body: JSON.stringify(said) });
        return response.json();
      },
      { path, body, token },
    );
  }

  create(options: unknown): Promise<Record<string, unknown>> {
    return this.page.evaluate(async (json) => {
      const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json as PublicKeyCredentialCreationOptionsJSON) });
      return (credential as PublicKeyCredential).toJSON() as unknown as Record<string, unknown>;
    }, options);
  }

  get(options: unknown): Promise<Record<string, unknown>> {
    return this.page.evaluate(async (json) => {
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json as PublicKeyCredentialRequestOptionsJSON) });
      return (credential as PublicKeyCredential).toJSON() as unknown as Record<string, unknown>;
    }, options);
  }

  /** Gives agent1 a passkey in this browser. @returns what a second use of its challenge was answered */
  async enrol(): Promise<Result<unknown>> {
    const signedIn = SignedIn.parse(valueOf(await this.ask('sign-in', ACCOUNT)));
    const options = valueOf(await this.ask('passkeys/begin', { password: PASSWORD }, signedIn.accessToken));
    const response = await this.create(options);
    valueOf(await this.ask('passkeys/finish', { response, label: 'laptop' }, signedIn.accessToken));
    return this.ask('passkeys/finish', { response, label: 'again' }, signedIn.accessToken);
  }

  /** Gives the password, which is no longer enough. @returns the ticket for the next step */
  async password(): Promise<string> {
    const result = await this.ask('sign-in', ACCOUNT);
    const { code, step } = AppError.parse(result.ok ? null : result.error);
    if (code !== 'auth.second-factor-needed' || step === undefined) throw new Error(`after the password: ${code}`);
    return step.ticket;
  }

  answer(ticket: string, response: Record<string, unknown>): Promise<Result<unknown>> {
    return this.ask('factor', { ticket, answer: { kind: 'passkey', response } });
  }
}

describe('a passkey in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function enrolled() {
    const server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: await temporaryFolder(), demo: true });
    onTestFinished(() => server.stop());
    const desk = await Desk.open(browser, server.origin.replace('127.0.0.1', 'localhost'));
    return { desk, again: await desk.enrol() };
  }

  it('is made for the center’s own page, and is the second factor from then on', async () => {
    const { desk, again } = await enrolled();
    expect(again).toMatchObject({ error: { code: 'auth.expired' } });
    const ticket = await desk.password();
    const response = await desk.get(valueOf(await desk.ask('factor/passkey-options', { ticket })));
    expect(SignedIn.parse(valueOf(await desk.answer(ticket, response))).me.account).toBe('agent1');
  });

  it('failure: its answer is good for its own challenge alone, and once', async () => {
    const { desk } = await enrolled();
    const [first, second] = [await desk.password(), await desk.password()];
    const response = await desk.get(valueOf(await desk.ask('factor/passkey-options', { ticket: first })));
    // Without a challenge of this ticket's own, and with another one's.
    expect(await desk.answer(second, response)).toMatchObject({ error: { code: 'auth.factor-invalid' } });
    await desk.ask('factor/passkey-options', { ticket: second });
    expect(await desk.answer(second, response)).toMatchObject({ error: { code: 'auth.factor-invalid' } });
    // Changed on the way.
    await desk.ask('factor/passkey-options', { ticket: first });
    expect(await desk.answer(first, { ...response, id: 'another' })).toMatchObject({ error: { code: 'auth.factor-invalid' } });
    const fresh = await desk.get(valueOf(await desk.ask('factor/passkey-options', { ticket: first })));
    expect((await desk.answer(first, fresh)).ok).toBe(true);
    expect(await desk.answer(first, fresh)).toMatchObject({ error: { code: 'auth.expired' } });
  });
});
