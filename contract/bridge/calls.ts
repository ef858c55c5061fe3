import { z } from 'zod';
import { ctiCommands, MicrophoneState } from '../cti/commands.ts';
import { ContactKind, Customer, CustomerRecord, HistoryLine, HistoryPosition } from '../customer.ts';
import { ContactId, CustomerId } from '../ids.ts';
import { desktopCalls } from './desktop.ts';
import { MediaAnswer, MediaReport } from './media.ts';
import { SessionView, Settings } from './views.ts';

const Nothing = z.null();
const OnContact = z.strictObject({ contactId: ContactId });
const { request: ConsultRequest } = ctiCommands['contact.consult'];

/**
 * Every call a window may make of its host, with the schema of request and answer.
 * Each answers `Result<response>`. The name's first part is the facade's namespace.
 */
export const bridgeCalls = {
  /** Everything the window shows, once; afterwards it follows the events. */
  'session.get': { request: Nothing, response: SessionView },
  /** `server` null: the host's own center (web edition) or the one in the settings (desktop). */
  'session.signIn': {
    request: z.strictObject({ server: z.url().nullable(), account: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) }),
    response: Nothing,
  },
  'session.signOut': { request: Nothing, response: Nothing },
  'agent.setState': { request: ctiCommands['agent.setState'].request, response: Nothing },
  'agent.force': { request: ctiCommands['agent.force'].request, response: Nothing },
  'supervision.start': { request: ctiCommands['supervision.start'].request, response: Nothing },
  'supervision.setMode': { request: ctiCommands['supervision.setMode'].request, response: Nothing },
  'supervision.stop': { request: Nothing, response: Nothing },
  'group.setOpen': { request: ctiCommands['group.setOpen'].request, response: Nothing },

  'phone.dial': { request: z.strictObject({ number: z.string().min(1).max(40) }), response: Nothing },
  'phone.answer': { request: OnContact, response: Nothing },
  'phone.reject': { request: OnContact, response: Nothing },
  'phone.hangUp': { request: OnContact, response: Nothing },
  'phone.hold': { request: OnContact, response: Nothing },
  'phone.resume': { request: OnContact, response: Nothing },
  'phone.setMuted': { request: z.strictObject({ contactId: ContactId, muted: z.boolean() }), response: Nothing },
  'phone.sendDigits': { request: z.strictObject({ contactId: ContactId, digits: z.string().regex(/^[0-9A-D#*]{1,64}$/i) }), response: Nothing },

  'contact.consult': { request: ConsultRequest, response: Nothing },
  'contact.cancelConsult': { request: OnContact, response: Nothing },
  'contact.swap': { request: OnContact, response: Nothing },
  'contact.conference': { request: ctiCommands['contact.conference'].request, response: Nothing },
  'contact.completeTransfer': { request: OnContact, response: Nothing },
  'contact.transfer': { request: ConsultRequest, response: Nothing },
  'contact.update': { request: ctiCommands['contact.update'].request, response: Nothing },
  'contact.complete': { request: ctiCommands['contact.complete'].request, response: Nothing },

  /** From the local cache. `number` is any written form. */
  'customers.findByNumber': { request: z.strictObject({ number: z.string().max(40) }), response: CustomerRecord.nullable() },
  'customers.get': { request: z.strictObject({ customerId: CustomerId }), response: CustomerRecord.nullable() },
  /** By part of a name, company or number; best first. An empty text lists by name. */
  'customers.search': { request: z.strictObject({ text: z.string().max(80), limit: z.number().int().min(1).max(200), offset: z.number().int().min(0) }), response: z.object({ customers: z.array(Customer), total: z.number().int() }) },
  'customers.create': { request: ctiCommands['customer.create'].request, response: Customer },
  'customers.update': { request: ctiCommands['customer.update'].request, response: Customer },

  /**
   * Contacts from the local cache, newest first: `mine` those I took part in, `missed` those that nobody answered,
   * `kind` null all. `before` is the `next` of the page before; `next` null ends the list.
   */
  'history.list': {
    request: z.strictObject({ mine: z.boolean(), missed: z.boolean(), kind: ContactKind.nullable(), limit: z.number().int().min(1).max(200), before: HistoryPosition.nullable() }),
    response: z.object({ lines: z.array(HistoryLine), next: HistoryPosition.nullable() }),
  },

  'devices.report': { request: z.strictObject({ microphone: MicrophoneState }), response: Nothing },
  'settings.set': { request: Settings.partial(), response: Settings },

  /** This window owns the audio from now on; media requests go to it. */
  'media.claim': { request: Nothing, response: Nothing },
  'media.answer': { request: MediaAnswer, response: Nothing },
  'media.report': { request: MediaReport, response: Nothing },

  ...desktopCalls,
} as const;

export type BridgeCalls = typeof bridgeCalls;
export type BridgeCallName = keyof BridgeCalls;
export type BridgeRequest<Name extends BridgeCallName> = z.input<BridgeCalls[Name]['request']>;
export type BridgeResponse<Name extends BridgeCallName> = z.output<BridgeCalls[Name]['response']>;

export const isBridgeCallName = (name: string): name is BridgeCallName => Object.hasOwn(bridgeCalls, name);
