import { randomUUID } from 'node:crypto';
import type { DesktopAsk } from '../../../contract/bridge/index.ts';
import { dialTextOf, type Dialling } from '../../../contract/dial-text.ts';
import { numberInText, parseDeepLink, shownNumberOf } from '../../../contract/deep-link.ts';
import { done, fail, type ErrorCode, type Result } from '../../../contract/errors.ts';

export interface AsksOptions {
  changed: () => void;
  dial: (number: string) => Promise<Result<null>>;
  /** Leaves the present center and takes up another. */
  join: (server: string) => Promise<Result<null>>;
  /** Why a number cannot be dialled, or a center joined, at all just now; null: it can. */
  hindrance: (kind: 'dial' | 'invitation') => ErrorCode | null;
}

/**
 * The one question to the person at the desk. A newer one takes the place of an older: a page that opens a hundred
 * links asks once. Nothing is done without an answer, and an answer counts for the question it was given to.
 */
export class Asks {
  current: DesktopAsk | null = null;
  private readonly options: AsksOptions;

  constructor(options: AsksOptions) {
    this.options = options;
  }

  /** A link from outside, unread. */
  link(text: string): void {
    const link = parseDeepLink(text);
    if (!link.ok) this.refuse(link.error.code);
    else if (link.value.kind === 'dial') this.dial(link.value.dialling, 'link');
    else {
      const { server, host } = link.value;
      this.ask('invitation', { id: randomUUID(), kind: 'invitation', server, host });
    }
  }

  /** A text from the clipboard. */
  clipboard(text: string): Result<null> {
    const dialling = numberInText(text);
    if (!dialling.ok) return dialling;
    this.dial(dialling.value, 'clipboard');
    return done();
  }

  async answer(id: string, accept: boolean): Promise<Result<null>> {
    const ask = this.current;
    if (ask === null || ask.id !== id) return fail('not-found', 'this question is no longer asked');
    this.show(null);
    if (!accept) return done();
    switch (ask.kind) {
      case 'dial':
        return this.options.dial(ask.number);
      case 'invitation':
        return this.options.join(ask.server);
      case 'refused':
        return done();
      default:
        return ask satisfies never;
    }
  }

  private dial(dialling: Dialling, from: 'link' | 'clipboard'): void {
    const shown = [shownNumberOf(dialling.target), ...dialling.keys].join(' · ');
    this.ask('dial', { id: randomUUID(), kind: 'dial', number: dialTextOf(dialling), shown, from });
  }

  private ask(kind: 'dial' | 'invitation', ask: DesktopAsk): void {
    const hindrance = this.options.hindrance(kind);
    if (hindrance === null) this.show(ask);
    else this.refuse(hindrance);
  }

  private refuse(code: ErrorCode): void {
    this.show({ id: randomUUID(), kind: 'refused', code });
  }

  private show(ask: DesktopAsk | null): void {
    this.current = ask;
    this.options.changed();
  }
}
