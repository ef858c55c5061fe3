import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { endpoints, isChange, type ApiRequest, type Endpoint, type EndpointName } from '../contract/api/index.ts';
import type { BridgeCallName, BridgeCalls, BridgeResponse } from '../contract/bridge/calls.ts';
import type { MediaReport } from '../contract/bridge/media.ts';
import type { ContactView } from '../contract/contact.ts';
import type { CtiCommandName, CtiRequest, CtiResponse } from '../contract/cti/commands.ts';
import { parseDialText } from '../contract/dial-text.ts';
import type { SignedIn } from '../contract/cti/sign-in.ts';
import { done, fail, ok, type Result } from '../contract/errors.ts';
import type { ContactId } from '../contract/ids.ts';
import { isLive } from '../contract/participant-state.ts';
import { dialStringOf, toE164 } from '../contract/phone-number.ts';
import { askOpenly } from './api/index.ts';
import type { Connection } from './connection.ts';
import type { CenterRest } from './cti/index.ts';
import type { CustomerRecord } from '../contract/customer.ts';
import type { Customers } from './customers/index.ts';
import type { DesktopHost } from './desktop-host.ts';
import type { Phone } from './phone/index.ts';
import type { SipFallback } from './sip-fallback.ts';
import type { Caller } from './session.ts';
import type { ViewStore } from './session-view.ts';
import type { SettingsStore } from './settings-store.ts';
import { Uploads } from './uploads.ts';

/** What the handlers work on. */
export interface HandlerParts {
  view: ViewStore;
  cache: Customers;
  /** Of this machine, or of whoever is signed in. */
  settings: () => SettingsStore;
  desktop: DesktopHost;
  fallback: SipFallback;
  connection: () => Connection | null;
  /** Takes a step of the sign-in at the center, on behalf of a window. */
  enter: (server: string | null, caller: Caller, step: (rest: CenterRest) => Promise<Result<SignedIn>>) => Promise<Result<{ device: string | null }>>;
  /** Asks the center for a window, without a sign-in. */
  ask: (server: string | null, caller: Caller, question: (rest: CenterRest) => Promise<Result<unknown>>) => Promise<Result<unknown>>;
  signOut: () => Promise<Result<null>>;
  claimMedia: (caller: Caller, open: readonly MediaReport[]) => void;
  /** The leg's dialog may come a moment after the center's word of it: waits for it, up to 2 s. */
  dialogArrived: (dialogKey: string) => Promise<boolean>;
}

type Handler<Name extends BridgeCallName> = (
  request: z.output<BridgeCalls[Name]['request']>,
  caller: Caller,
) => Promise<Result<BridgeResponse<Name>>> | Result<BridgeResponse<Name>>;

export type BridgeHandlers = { [Name in BridgeCallName]: Handler<Name> };

const over = () => fail('auth.replaced', 'this sign-in has ended');
const noPhone = () => fail('forbidden', 'this sign-in has no telephone');
const notSignedIn = () => fail('session.not-signed-in', 'nobody is signed in');

/** Every bridge call, by name. The dispatcher has parsed the request. */
export function createBridgeHandlers(parts: HandlerParts): BridgeHandlers {
  const { view, cache, fallback } = parts;
  const uploads = new Uploads();

  return {
    'session.get': () => ok(view.current),
    'session.signIn': ({ server, account, password, device, console }, caller) =>
      parts.enter(server, caller, (rest) => rest.signIn({ account, password, client: view.current.host, ...(device !== undefined && { device }), ...(console !== undefined && { console }) })),
    'session.answerFactor': ({ server, ...request }, caller) => parts.enter(server, caller, (rest) => rest.answerFactor(request)),
    'session.choosePassword': ({ server, ...request }, caller) => parts.enter(server, caller, (rest) => rest.choosePassword(request)),
    'session.ask': ({ server, name, request }, caller) => parts.ask(server, caller, (rest) => askOpenly(rest, name, request)),
    'session.signOut': () => parts.signOut(),
    'agent.setState': (request) => (request.choice.kind === 'signOut' ? parts.signOut() : command('agent.setState', request)),
    'agent.force': (request) => command('agent.force', request),
    'group.setOpen': (request) => command('group.setOpen', request),
    'group.setDispositionRequired': (request) => command('group.setDispositionRequired', request),

    'dialling.lift': (request) => command('dialling.lift', request),
    'supervision.start': (request) => command('supervision.start', request),
    'supervision.setMode': (request) => command('supervision.setMode', request),
    'supervision.stop': () => command('supervision.stop', {}),

    'phone.dial': ({ number }) => dial(number),
    'phone.answer': ({ contactId }) =>
      onCall(contactId, async (phone, { me }) => {
        await parts.dialogArrived(me.dialogKey);
        return phone.answer(me.dialogKey);
      }),
    'phone.reject': ({ contactId }) =>
      onCall(contactId, async (phone, { me }) => {
        const told = await command('contact.reject', { contactId });
        return isUnreachable(told) ? phone.reject(me.dialogKey, 'busy') : told;
      }),
    'phone.hangUp': ({ contactId }) => onCall(contactId, (phone, contact) => (isConsulting(contact) ? hangUpConsulting(contact) : hangUp(phone, contact))),
    'phone.hold': ({ contactId }) => onCall(contactId, (phone, { me }) => (isOn(phone, me) ? phone.hold(me.dialogKey) : command('contact.hold', { contactId }))),
    'phone.resume': ({ contactId }) => onCall(contactId, (phone, { me }) => (isOn(phone, me) ? phone.resume(me.dialogKey) : command('contact.resume', { contactId }))),
    'phone.setMuted': ({ contactId, muted }) => onCall(contactId, (phone, { me }) => phone.setMuted(me.dialogKey, muted)),
    'phone.sendDigits': ({ contactId, digits }) => onCall(contactId, (phone, { me }) => sendDigits(phone, me.dialogKey, digits)),

    'contact.consult': (request) => consult(request),
    'contact.cancelConsult': (request) => withFallback('contact.cancelConsult', request, (contact) => fallback.cancelConsult(contact)),
    'contact.swap': (request) => withFallback('contact.swap', request, (contact) => fallback.swap(contact)),
    'contact.conference': (request) => command('contact.conference', request),
    'contact.changeParty': (request) => command('contact.changeParty', request),
    'contact.completeTransfer': (request) => withFallback('contact.completeTransfer', request, (contact) => fallback.completeTransfer(contact)),
    'contact.transfer': (request) => withFallback('contact.transfer', request, (contact) => fallback.transfer(contact, request.target)),
    'contact.update': async (request) => {
      // Whoever says that it is this customer looks at them.
      if (typeof request.customerId === 'string') parts.connection()?.accesses.opened(request.customerId);
      const answer = await command('contact.update', request);
      return answer.ok ? done() : answer;
    },
    'contact.complete': (request) => command('contact.complete', request),
    'contact.extend': (request) => command('contact.extend', request),

    'api.call': ({ name, request }) => askApi(name, request),

    'uploads.begin': ({ bytes }, caller) => ok(uploads.begin(caller, bytes)),
    'uploads.piece': ({ uploadId, at, data }, caller) => uploads.take(caller, uploadId, at, data),
    'uploads.end': async ({ uploadId }, caller) => {
      const connection = parts.connection();
      if (connection === null) return notSignedIn();
      if (isEnding()) return over();
      const content = uploads.contentOf(caller, uploadId);
      if (!content.ok) return content;
      const answer = await connection.api.upload('media.upload', {}, content.value);
      if (answer.ok) uploads.forget(caller, uploadId);
      return answer;
    },
    'uploads.cancel': ({ uploadId }, caller) => {
      uploads.forget(caller, uploadId);
      return done();
    },

    'topics.subscribe': (ask, caller) => {
      const connection = parts.connection();
      if (connection === null) return notSignedIn();
      if (isEnding()) return over();
      connection.topics.subscribe(caller, ask);
      return done();
    },
    'topics.unsubscribe': (ask, caller) => {
      parts.connection()?.topics.unsubscribe(caller, ask);
      return done();
    },

    'customers.findByNumber': ({ number }) => {
      const e164 = toE164(number);
      return e164 === null ? ok(null) : seen(cache.findByNumber(e164));
    },
    'customers.get': ({ customerId }) => seen(cache.get(customerId)),
    'customers.search': ({ text, limit, offset }) => {
      if (isEnding()) return over();
      const page = cache.search(text, limit, offset);
      if (page.ok) parts.connection()?.accesses.listed(page.value.customers.length);
      return page;
    },

    'devices.report': async ({ microphone }) => {
      view.patchHealth({ microphone });
      // While the center is away, the next snapshot is followed by a report.
      if (parts.connection()?.cti.connected) await command('agent.reportDevice', { microphone });
      return done();
    },
    'settings.set': async (changes) => {
      const settings = parts.settings();
      // An absent setting stays; zod's output names absent ones as undefined.
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const now: Readonly<Record<string, unknown>> = view.current.settings;
      const managed = Object.keys(given).filter((key) => settings.managed?.has(key) && given[key] !== now[key]);
      if (managed.length > 0) return fail('settings.managed', `fixed by the policy: ${managed.join(', ')}`);
      const next = { ...view.current.settings, ...given };
      view.patch({ settings: next });
      const saved = await settings.save(next);
      return saved.ok ? ok(next) : saved;
    },

    'media.claim': (claim, caller) => {
      parts.claimMedia(caller, claim?.open ?? []);
      return done();
    },
    'media.answer': (answer) => {
      parts.connection()?.phone?.answerMedia(answer);
      return done();
    },
    'media.report': (report) => {
      parts.connection()?.mediaReported(report);
      return done();
    },

    ...parts.desktop,
  } satisfies BridgeHandlers;

  /** A customer was opened. The one of a call at this desk is its screen pop; any other the center is told of. */
  function seen(found: Result<CustomerRecord | null>): Result<CustomerRecord | null> {
    if (!found.ok || found.value === null) return found;
    const { customerId, numbers } = found.value.customer;
    const isOnCall = view.current.contacts.some((contact) => contact.customerId === customerId || numbers.some(({ e164 }) => e164 === contact.number));
    if (!isOnCall && isEnding()) return over();
    if (!isOnCall) parts.connection()?.accesses.opened(customerId);
    return found;
  }

  /** Somebody who is signed out as soon as their call is over needs that call’s customer, and no other. */
  function isEnding(): boolean {
    return parts.connection()?.isEnding ?? false;
  }

  async function command<Name extends CtiCommandName>(name: Name, request: CtiRequest<Name>): Promise<Result<CtiResponse<Name>>> {
    return parts.connection()?.cti.command(name, request) ?? notSignedIn();
  }

  async function withFallback<Name extends CtiCommandName & `contact.${string}`>(
    name: Name,
    request: CtiRequest<Name> & { contactId: ContactId },
    bySip: (contact: ContactView) => Promise<Result<null>>,
  ): Promise<Result<null>> {
    const answer = await command(name, request);
    if (answer.ok) return done();
    const contact = contactOf(request.contactId);
    return isUnreachable(answer) && contact !== undefined ? bySip(contact) : answer;
  }

  /** On hold or not: the customer has music from the center now, and whoever consults must hear and be heard. */
  async function consult(request: CtiRequest<'contact.consult'>): Promise<Result<null>> {
    const contact = contactOf(request.contactId);
    const answer = await command('contact.consult', request);
    if (contact === undefined) return answer.ok ? done() : answer;
    if (isUnreachable(answer)) return fallback.consult(contact, request.target);
    // After the center has taken the customer out, who would hear the open microphone before.
    if (answer.ok && contact.me.state === 'held') await parts.connection()?.phone?.resume(contact.me.dialogKey);
    return answer.ok ? done() : answer;
  }

  async function onCall(contactId: ContactId, act: (phone: Phone, contact: ContactView) => Promise<Result<null>>): Promise<Result<null>> {
    const connection = parts.connection();
    if (connection === null) return notSignedIn();
    if (connection.phone === null) return noPhone();
    const contact = contactOf(contactId);
    if (contact === undefined || !isLive(contact.me.state)) return fail('contact.not-found', 'no such call here');
    return act(connection.phone, contact);
  }

  async function dial(written: string): Promise<Result<null>> {
    const connection = parts.connection();
    if (connection === null) return notSignedIn();
    if (connection.phone === null) return noPhone();
    const dialling = parseDialText(written);
    if (!dialling.ok) return dialling;
    const { target, keys } = dialling.value;
    const dialogKey = `out-${randomUUID()}`;
    const dialled = await connection.phone.dial(dialStringOf(target), dialogKey);
    if (dialled.ok) view.patch({ dialledOn: keys.length === 0 ? null : { dialogKey, keys } });
    return dialled;
  }

  async function sendDigits(phone: Phone, dialogKey: string, digits: string): Promise<Result<null>> {
    const sent = await phone.sendDigits(dialogKey, digits);
    const { dialledOn } = view.current;
    if (!sent.ok || dialledOn?.dialogKey !== dialogKey || dialledOn.keys[0] !== digits) return sent;
    const keys = dialledOn.keys.slice(1);
    view.patch({ dialledOn: keys.length === 0 ? null : { dialogKey, keys } });
    return sent;
  }

  /**
   * During a consultation only what is talked in ends, and nobody is handed on: without the center that can be the
   * conversation with the target alone.
   */
  async function hangUpConsulting(contact: ContactView): Promise<Result<null>> {
    const answer = await command('contact.hangUp', { contactId: contact.contactId });
    return isUnreachable(answer) && contact.me.state !== 'swapped' ? fallback.cancelConsult(contact) : answer;
  }

  /** By BYE; through the center where there is no dialog or no way to the switch; else remembered. */
  async function hangUp(phone: Phone, contact: ContactView): Promise<Result<null>> {
    const { contactId, me } = contact;
    const bySip = await phone.hangUp(me.dialogKey);
    if (bySip.ok) return bySip;
    const byCenter = await command('contact.hangUp', { contactId });
    if (!isUnreachable(byCenter)) return byCenter;
    parts.connection()?.rememberHangUp(contact);
    return done();
  }

  /** What changes what desks keep is answered when this one has it, too. */
  async function askApi(name: EndpointName, request: unknown): Promise<Result<unknown>> {
    const connection = parts.connection();
    if (connection === null) return notSignedIn();
    if (isEnding()) return over();
    const endpoint: Endpoint = endpoints[name];
    const asked = endpoint.request.safeParse(request);
    if (!asked.success) return fail('input.invalid', `${name}: ${asked.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`).join(', ')}`);
    // What the schema of this name has just let pass.
    const answer = await connection.api.call(name, request as ApiRequest<EndpointName>);
    if (answer.ok && isChange(endpoint) && /^(?:customers|contacts)\./.test(name)) await connection.syncCustomers();
    return answer;
  }

  function contactOf(contactId: ContactId): ContactView | undefined {
    return view.current.contacts.find((contact) => contact.contactId === contactId);
  }
}

/** Whether this desk's own phone has the call, or is about to; else it is on another phone of the agent's, and the center acts. */
const isOn = (phone: Phone, { dialogKey }: ContactView['me']): boolean => phone.isRedialled(dialogKey) || phone.views().some(({ key }) => key === dialogKey);

/** Whether this agent asks somebody while the customer waits. */
const isConsulting = ({ me }: ContactView): boolean => me.allowed.includes('cancelConsult');

const isUnreachable = (result: Result<unknown>): boolean => !result.ok && result.error.code === 'center.unreachable';
