import { z } from 'zod';
import { Me } from '../directory.ts';
import { EpochMs } from '../ids.ts';

/** `POST /api/auth/sign-in`. */
export const SignInRequest = z.strictObject({
  account: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  client: z.enum(['desktop', 'web']),
  /** The device's mark of an earlier sign-in of this account. */
  device: z.string().max(128).optional(),
  /** Without a telephone, though the person has one: another desk of theirs goes on. Who has none signs in so in any case. */
  console: z.boolean().optional(),
});
export type SignInRequest = z.infer<typeof SignInRequest>;

/**
 * How a phone that has to make a new peer connection in a call gets its audio back: by re-INVITE, or by being dialled
 * again (`contact.rejoin`) where the switch keeps a call to its first DTLS association.
 */
export const Rejoin = z.enum(['reinvite', 'redial']);
export type Rejoin = z.infer<typeof Rejoin>;

/** STUN and TURN servers as WebRTC takes them (RFC 7064, 7065); none: audio takes the direct way alone. */
export const IceServers = z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }));
export type IceServers = z.infer<typeof IceServers>;

/** Where and as whom the desk's phone registers. */
export const SipCredential = z.object({
  /** `ws://` or `wss://` address of the switch. */
  url: z.url(),
  /** Of a switch of several machines the others: a phone registers at each, and dials through the first that works. */
  others: z.array(z.url()).optional(),
  domain: z.string(),
  user: z.string(),
  password: z.string(),
  iceServers: IceServers,
  /** Centers from before this was told have switches that take a re-INVITE. */
  rejoin: Rejoin.default('reinvite'),
});
export type SipCredential = z.infer<typeof SipCredential>;

export const SignedIn = z.object({
  me: Me,
  /** Bearer of REST calls and of the CTI socket's handshake (`auth.token`). */
  accessToken: z.string(),
  accessExpiresAt: EpochMs,
  /** Mark of this device for this account: it opens nothing, and keeps strangers' attempts out of its way. */
  device: z.string().optional(),
  /**
   * Good for one use at `POST /api/auth/refresh`. Until the next one is used, and for six minutes, the same use may be
   * repeated and has the same answer; any other replay ends the whole family.
   */
  refreshToken: z.string(),
  /** Null: this sign-in has no telephone. */
  sip: SipCredential.nullable(),
});
export type SignedIn = z.infer<typeof SignedIn>;

/** `POST /api/auth/refresh`. */
export const RefreshRequest = z.strictObject({ refreshToken: z.string().min(1).max(512) });
export const Refreshed = SignedIn.pick({ accessToken: true, accessExpiresAt: true, refreshToken: true }).extend({
  /** Credentials of TURN servers run out like tokens, and are renewed with them. */
  iceServers: IceServers,
});
export type Refreshed = z.infer<typeof Refreshed>;

/** Socket.IO path of the CTI socket, and of the web edition's bridge. */
export const CTI_PATH = '/cti';
export const BRIDGE_PATH = '/bridge';
/** Of the web shell too: `POST` of one call, for whoever has no socket yet. */
export const BRIDGE_CALL_PATH = '/bridge/call';
