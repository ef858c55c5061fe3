import { z } from 'zod';
import { SignedIn } from '../contract/cti/sign-in.ts';

/** A sign-in as it is kept between two runs of the host: with the newest refresh token. */
export const KeptSignIn = z.object({
  /** Origin of the center it is good for. */
  server: z.url(),
  signedIn: SignedIn,
});
export type KeptSignIn = z.infer<typeof KeptSignIn>;

/** Where a sign-in outlives its process. A host keeps it sealed, or in memory. */
export interface SignInKeeper {
  load(): Promise<KeptSignIn | null>;
  save(signIn: KeptSignIn): Promise<void>;
  forget(): Promise<void>;
}

/** Keeps nothing: the web edition's sessions live as long as their host. */
export const keepsNothing: SignInKeeper = {
  load: () => Promise.resolve(null),
  save: () => Promise.resolve(),
  forget: () => Promise.resolve(),
};
