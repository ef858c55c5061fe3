import { z } from 'zod';
import { FactorRequest, NewPasswordRequest } from '../account.ts';
import { endpointNames, openEndpointNames } from '../api/index.ts';
import { ctiCommands } from '../cti/commands.ts';
import { MicrophoneState } from '../cti/microphone.ts';
import { TopicAsk, topicNames } from '../cti/topic-names.ts';
import { Customer, CustomerRecord } from '../customer.ts';
import { ContactId, CustomerId } from '../ids.ts';
import { MOST_UPLOAD_BYTES, UPLOAD_PIECE_BYTES } from '../media-bounds.ts';
import { MAX_DIAL_TEXT } from '../number-text.ts';
import type { BridgeCall } from './access.ts';
import { desktopCalls } from './desktop.ts';
import { MediaAnswer, MediaClaim, MediaReport } from './media.ts';
import { SessionView, Settings } from './views.ts';

const Nothing = z.null();
const OnUpload = z.strictObject({ uploadId: z.uuid() });
/** Who is in gets a mark of the device for the account: given with the next sign-in, strangers' attempts are not in its way. */
const In = z.object({ device: z.string().nullable() });
/** `server` null: the host's own center (web edition) or the one in the settings (desktop). */
const AtServer = z.strictObject({ server: z.url().nullable() });
const OnContact = z.strictObject({ contactId: ContactId });
/** The host knows the topics that its window does. */
const HostTopicAsk = TopicAsk.extend({ topic: z.enum(topicNames) });
const { request: ConsultRequest } = ctiCommands['contact.consult'];

/**
 * Every call a window may make of its host: who may make it, and the schema of request and answer.
 * Each answers `Result<response>`. The name's first part is the facade's namespace.
 */
export const bridgeCalls = {
  /** Everything the window shows, once; afterwards it follows the events. */
  'session.get': { access: 'open', request: Nothing, response: SessionView },
  /** An error with a `step` brings the ticket for the call that goes on from there: `answerFactor`, or `choosePassword` of `auth.password-change-needed`. */
  'session.signIn': {
    access: 'open',
    request: AtServer.extend({ account: z.string().trim().min(1).max(64), password: z.string().min(1).max(256), device: z.string().max(128).optional(), console: z.boolean().optional() }),
    response: In,
  },
  'session.answerFactor': { access: 'open', request: AtServer.extend(FactorRequest.shape), response: In },
  'session.choosePassword': { access: 'open', request: AtServer.extend(NewPasswordRequest.shape), response: In },
  /** An endpoint of the center's API that takes no sign-in, as a first set-up or an invitation. Asked by `useOpenApi()`. */
  'session.ask': { access: 'open', request: AtServer.extend({ name: z.enum(openEndpointNames), request: z.unknown() }), response: z.unknown() },
  'session.signOut': { access: 'signedIn', request: Nothing, response: Nothing },
  'agent.setState': { access: ctiCommands['agent.setState'].scope, request: ctiCommands['agent.setState'].request, response: Nothing },
  'agent.force': { access: ctiCommands['agent.force'].scope, request: ctiCommands['agent.force'].request, response: Nothing },
  'supervision.start': { access: ctiCommands['supervision.start'].scope, request: ctiCommands['supervision.start'].request, response: Nothing },
  'supervision.setMode': { access: ctiCommands['supervision.setMode'].scope, request: ctiCommands['supervision.setMode'].request, response: Nothing },
  'supervision.stop': { access: ctiCommands['supervision.stop'].scope, request: Nothing, response: Nothing },
  'dialling.lift': { access: ctiCommands['dialling.lift'].scope, request: ctiCommands['dialling.lift'].request, response: Nothing },
  'group.setOpen': { access: ctiCommands['group.setOpen'].scope, request: ctiCommands['group.setOpen'].request, response: Nothing },
  'group.setDispositionRequired': { access: ctiCommands['group.setDispositionRequired'].scope, request: ctiCommands['group.setDispositionRequired'].request, response: Nothing },

  /** What is behind the number is kept until it is answered: `SessionView.dialledOn`. */
  'phone.dial': { access: 'calls.handle', request: z.strictObject({ number: z.string().min(1).max(MAX_DIAL_TEXT) }), response: Nothing },
  'phone.answer': { access: 'calls.handle', request: OnContact, response: Nothing },
  'phone.reject': { access: 'calls.handle', request: OnContact, response: Nothing },
  'phone.hangUp': { access: 'calls.handle', request: OnContact, response: Nothing },
  'phone.hold': { access: 'calls.handle', request: OnContact, response: Nothing },
  'phone.resume': { access: 'calls.handle', request: OnContact, response: Nothing },
  'phone.setMuted': { access: 'calls.handle', request: z.strictObject({ contactId: ContactId, muted: z.boolean() }), response: Nothing },
  'phone.sendDigits': { access: 'calls.handle', request: z.strictObject({ contactId: ContactId, digits: z.string().regex(/^[0-9A-D#*]{1,64}$/i) }), response: Nothing },

  'contact.consult': { access: ctiCommands['contact.consult'].scope, request: ConsultRequest, response: Nothing },
  'contact.cancelConsult': { access: ctiCommands['contact.cancelConsult'].scope, request: OnContact, response: Nothing },
  'contact.swap': { access: ctiCommands['contact.swap'].scope, request: OnContact, response: Nothing },
  'contact.conference': { access: ctiCommands['contact.conference'].scope, request: ctiCommands['contact.conference'].request, response: Nothing },
  'contact.changeParty': { access: ctiCommands['contact.changeParty'].scope, request: ctiCommands['contact.changeParty'].request, response: Nothing },
  'contact.completeTransfer': { access: ctiCommands['contact.completeTransfer'].scope, request: OnContact, response: Nothing },
  'contact.transfer': { access: ctiCommands['contact.transfer'].scope, request: ConsultRequest, response: Nothing },
  'contact.update': { access: ctiCommands['contact.update'].scope, request: ctiCommands['contact.update'].request, response: Nothing },
  'contact.complete': { access: ctiCommands['contact.complete'].scope, request: ctiCommands['contact.complete'].request, response: Nothing },
  'contact.extend': { access: ctiCommands['contact.extend'].scope, request: OnContact, response: Nothing },

  /** Any endpoint of the center's API, by name; the host adds the token and parses both ways. Asked by `useApi()`. */
  'api.call': { access: 'signedIn', request: z.strictObject({ name: z.enum(endpointNames), request: z.unknown() }), response: z.unknown() },

  /*
   * Bytes for the center (`media.upload`), on their way through the host: of a window one thing at a time, in pieces, one after
   * the other. What is not ended is forgotten with the window, or when it begins another.
   */
  'uploads.begin': { access: 'announcements.write', request: z.strictObject({ bytes: z.number().int().positive().max(MOST_UPLOAD_BYTES) }), response: OnUpload },
  /** `at`: how many have come before. One that came already is taken for it once more. */
  'uploads.piece': { access: 'announcements.write', request: OnUpload.extend({ at: z.number().int().nonnegative(), data: z.string().regex(/^[\w+/]*={0,2}$/).max((UPLOAD_PIECE_BYTES * 4) / 3) }), response: Nothing },
  /** The host hands it on; where that fails it may be asked again. Answers the `MediaObject`, which the host has parsed. */
  'uploads.end': { access: 'announcements.write', request: OnUpload, response: z.unknown() },
  'uploads.cancel': { access: 'announcements.write', request: OnUpload, response: Nothing },

  /**
   * This window looks at a topic from now on, and has it by the events `topic.…`; asked again, it has the whole again. Whether it may is
   * the center's to say, which `topic.ended` tells: while there is no center, the subscription waits for it.
   */
  'topics.subscribe': { access: 'signedIn', request: HostTopicAsk, response: Nothing },
  /** No longer; twice is once. */
  'topics.unsubscribe': { access: 'signedIn', request: HostTopicAsk, response: Nothing },

  /*
   * Read from what the host keeps of customers, and not asked of the center: who calls is on the screen before a network has
   * answered, and is found while there is none. What is written of them goes to the center (`customers.update`).
   */
  /** `number` is any written form. */
  'customers.findByNumber': { access: 'customers.read', request: z.strictObject({ number: z.string().max(40) }), response: CustomerRecord.nullable() },
  'customers.get': { access: 'customers.read', request: z.strictObject({ customerId: CustomerId }), response: CustomerRecord.nullable() },
  /** By part of a name, company or number; best first. An empty text lists by name. */
  'customers.search': { access: 'customers.read', request: z.strictObject({ text: z.string().max(80), limit: z.number().int().min(1).max(200), offset: z.number().int().min(0) }), response: z.object({ customers: z.array(Customer), total: z.number().int(), more: z.boolean() }) },

  'devices.report': { access: 'calls.handle', request: z.strictObject({ microphone: MicrophoneState }), response: Nothing },
  'settings.set': { access: 'open', request: Settings.partial(), response: Settings },

  /** This window owns the audio from now on; media requests go to it. */
  'media.claim': { access: 'open', request: MediaClaim, response: Nothing },
  'media.answer': { access: 'calls.handle', request: MediaAnswer, response: Nothing },
  'media.report': { access: 'calls.handle', request: MediaReport, response: Nothing },

  ...desktopCalls,
} as const satisfies Record<string, BridgeCall>;

export type BridgeCalls = typeof bridgeCalls;
export type BridgeCallName = keyof BridgeCalls;
export type BridgeRequest<Name extends BridgeCallName> = z.input<BridgeCalls[Name]['request']>;
export type BridgeResponse<Name extends BridgeCallName> = z.output<BridgeCalls[Name]['response']>;

export const isBridgeCallName = (name: string): name is BridgeCallName => Object.hasOwn(bridgeCalls, name);
