import { done, fail, type Result } from '../../../contract/errors.ts';
import type { OriginateRequest } from '../port.ts';
import { checkOriginate, isUriUser } from '../text.ts';
import { newChannel, type Channel } from './channel.ts';
import { APP, type Engine } from './engine.ts';
import type { AsteriskSwitchOptions } from './index.ts';
import { shortName } from './words.ts';

interface Target {
  /** In Asterisk's words, technology and all. */
  dial: string;
  /** PJSIP endpoint it leads to. */
  resource: string;
  /** Whose number is shown there. */
  caller: string;
  /** False where no such endpoint can exist. */
  reachable: boolean;
}

/**
 * Rings a phone or a number outside; how that goes is told in events, even where it goes nowhere.
 * `switch.failed`: the phone is registered, and Asterisk could not even ring it (no ports, no descriptors): its doing, and
 * nobody has missed a call.
 */
export async function dial({ options, channels, client, endpoints }: Pick<Engine, 'options' | 'client'> & { channels: Pick<Engine['channels'], 'all' | 'add' | 'end' | 'limitRinging'>; endpoints: Pick<Engine['endpoints'], 'isRegistered'> }, request: OriginateRequest): Promise<Result<null>> {
  const { channelId, destination, callerNumber, callerName, headers = {}, ringTimeoutMs } = request;
  if (channels.all.has(channelId)) return fail('input.invalid', 'the channel exists already');
  const allowed = checkOriginate(request);
  if (!allowed.ok) return allowed;
  const target = targetOf(request, options.trunk);
  const channel = newChannel({ id: channelId, kind: destination.kind === 'endpoint' ? 'to-phone' : 'to-trunk', resource: target?.resource ?? '', callerNumber, callerName, dialled: '', headers, state: 'dialling' });
  channel.announced = true;
  channels.add(channel);
  if (target === null || !target.reachable) {
    setImmediate(() => channels.end(channel, target === null ? 'unknownNumber' : 'unreachable'));
    return done();
  }
  channels.limitRinging(channel, ringTimeoutMs);
  const variables = {
    'PJSIP_TRANSFER_HANDLING()': 'ari-only',
    'HOLD_INTERCEPT(set)': '',
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`PJSIP_HEADER(add,${name})`, value])),
  };
  // Behind our own, for the case that we are gone by then.
  const timeout = Math.ceil(ringTimeoutMs / 1000) + 5;
  const dialled =
    destination.kind === 'endpoint'
      ? await client.originate({ endpoint: target.dial, channelId, app: APP, appArgs: channel.kind, callerId: `"${shortName(callerName)}" <${target.caller}>`, timeout, variables })
      : await dialOutside(client, channel, target, timeout, { ...variables, 'CONNECTEDLINE(name,i)': shortName(callerName), 'CONNECTEDLINE(num,i)': target.caller });
  if (dialled.ok) return dialled;
  const isAway = dialled.error.code === 'switch.unavailable';
  const isItsDoing = isAway || (destination.kind === 'endpoint' && endpoints.isRegistered(destination.user));
  // Told by the answer alone: an event before it would be taken for the phone's.
  if (isItsDoing && channel.ending === null) channel.announced = false;
  channels.end(channel, channel.ending ?? 'unreachable');
  if (isAway) return dialled;
  return isItsDoing ? fail('switch.failed', 'Asterisk did not ring a registered phone') : done();
}

/** Made in our application before it is dialled, so that it can be heard before it is answered. Until it is in there, Asterisk takes no word of it. */
async function dialOutside(client: Engine['client'], channel: Channel, target: Target, timeout: number, variables: Record<string, string>): Promise<Result<null>> {
  const entered = new Promise<void>((resolve) => {
    channel.onEntered = resolve;
  });
  const made = await client.createChannel(channel.id, target.dial, APP, channel.kind, variables);
  if (!made.ok) return made;
  await entered;
  return client.dial(channel.id, timeout);
}

/** Null for a number that is nobody's. */
function targetOf({ destination, callerNumber: caller }: OriginateRequest, trunk: AsteriskSwitchOptions['trunk']): Target | null {
  const line = destination.kind === 'endpoint' ? destination : trunk(destination.number);
  if (line === null) return null;
  // Whether the phone is there is Asterisk's to say: a registration it has just accepted we may not have heard of yet.
  if (line.kind === 'endpoint') return { dial: `PJSIP/${line.user}`, resource: line.user, caller, reachable: isUriUser(line.user) };
  return { dial: `PJSIP/${line.number}@${line.endpoint}`, resource: line.endpoint, caller: line.writeCaller?.(caller) ?? caller, reachable: isUriUser(line.number) };
}
