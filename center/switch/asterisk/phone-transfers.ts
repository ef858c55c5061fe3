/** Whether phones may transfer by their own keys (REFER): `auto`, where Asterisk survives every form of it. */
export type PhoneTransferWish = 'auto' | 'yes' | 'no';

/**
 * First minor release, by major one, whose `refer_incoming_ari_request` survives a REFER with `Refer-Sub: false` (Asterisk's
 * issue 2021): before, it follows a null pointer, and Asterisk ends with every call on it.
 */
const REPAIRED_IN: Readonly<Record<number, number>> = { 22: 11, 23: 5 };

/** Of a version as Asterisk says it, `22.10.1~dfsg+…`; one that says no release of its own, as a certified or a built one, is not known to have it. */
export function survivesEveryRefer(version: string): boolean {
  const [, major = '', minor = ''] = /^(\d{1,4})\.(\d{1,4})\./.exec(version) ?? [];
  if (major === '') return false;
  return Number(major) >= 24 || Number(minor) >= (REPAIRED_IN[Number(major)] ?? Infinity);
}

/** What is allowed to phones' REFERs at one Asterisk, and what its operator is told of it. */
export class PhoneTransfers {
  private readonly wish: PhoneTransferWish;
  private version: string | null = null;
  private openTrunks: readonly string[] = [];

  constructor(wish: PhoneTransferWish) {
    this.wish = wish;
  }

  /** Not before it is known what runs there. */
  get allowed(): boolean {
    return this.wish === 'yes' || (this.wish === 'auto' && this.isSafe);
  }

  /** @param openTrunks sections whose far end Asterisk hears a REFER from */
  learned(version: string, openTrunks: readonly string[]): void {
    this.version = version;
    this.openTrunks = openTrunks;
  }

  /** What is wrong and what puts it right; null where nothing is. */
  get warning(): string | null {
    if (this.version === null || this.isSafe) return null;
    const trunks = this.openTrunks.length === 0 ? [] : [`whoever calls by ${this.openTrunks.join(', ')} can do so: write allow_transfer=no into that section of pjsip.conf`];
    const sayings = [...this.ofPhones(), ...trunks];
    return sayings.length === 0 ? null : `Asterisk ${this.version} ends, with every call on it, over a REFER with “Refer-Sub: false” (its issue 2021; repaired in 22.11 and 23.5): ${sayings.join('; ')}`;
  }

  private ofPhones(): string[] {
    switch (this.wish) {
      case 'auto':
        return ['so phones cannot transfer by their own keys; where nobody reaches its SIP but by the center, or the repair was put in, SANGDAM_ASTERISK_PHONE_TRANSFERS=yes lets them'];
      case 'yes':
        return ['whoever has a phone’s password and reaches its SIP otherwise than by the center can do so (SANGDAM_ASTERISK_PHONE_TRANSFERS=yes)'];
      case 'no':
        return [];
    }
  }

  private get isSafe(): boolean {
    return this.version !== null && survivesEveryRefer(this.version);
  }
}
