import { KeptSignIn, type SignInKeeper } from '../../agent/index.ts';
import type { Vault } from './secrets.ts';

/** Keeps a sign-in (tokens and SIP credential) in the vault, so that a desktop that was ended by force comes back signed in. */
export function keepSignIns(vault: Vault): SignInKeeper {
  return {
    async load() {
      const text = await vault.read('sign-in');
      if (text === null) return null;
      const kept = KeptSignIn.safeParse(parse(text));
      return kept.success ? kept.data : null;
    },
    save: (signIn) => vault.write('sign-in', JSON.stringify(signIn)),
    forget: () => vault.remove('sign-in'),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
