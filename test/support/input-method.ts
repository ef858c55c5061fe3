import type { CDPSession, Page } from 'playwright';

/** A Korean input method, as the browser hears it. */
export class InputMethod {
  private readonly line: CDPSession;

  private constructor(line: CDPSession) {
    this.line = line;
  }

  static async at(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** Shows these syllables as being composed. */
  async composes(text: string): Promise<void> {
    await this.line.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }

  /** Ends the composition, or pastes. */
  async commits(text: string): Promise<void> {
    await this.line.send('Input.insertText', { text });
  }

  /** Enter as a browser hears it while the input method has it: a key of code 229, which types nothing. */
  async enters(modifiers = 0): Promise<void> {
    await this.presses('Enter', 'Enter', 229, modifiers);
  }

  /** A key of the Hangul layout, which types a vowel where an English one has a letter. `modifiers`: 1 Alt, 2 Ctrl, 8 Shift. */
  async presses(key: string, code: string, windowsVirtualKeyCode: number, modifiers = 0): Promise<void> {
    for (const type of ['rawKeyDown', 'keyUp'] as const) await this.line.send('Input.dispatchKeyEvent', { type, key, code, windowsVirtualKeyCode, modifiers });
  }
}
