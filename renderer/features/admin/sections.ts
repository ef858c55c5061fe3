import type { Component } from 'vue';
import type { ConfigurationKind, ConfigurationObject } from '../../../contract/configuration.ts';
import { formatNumber } from '../../../contract/phone-number.ts';
import { formatDuration } from '../../ui/format.ts';
import { builtInOf, replaceable, type AnnouncementObject } from './announcements/announcement-forms.ts';
import AnnouncementEditor from './announcements/AnnouncementEditor.vue';
import { awayReasonsIn } from './away-forms.ts';
import AwayReasonEditor from './AwayReasonEditor.vue';
import GroupEditor from './GroupEditor.vue';
import NumberEditor from './NumberEditor.vue';
import type { NumberObject } from './number-forms.ts';
import { membersOf } from './office-forms.ts';
import PersonEditor from './PersonEditor.vue';
import type { Office } from './use-office.ts';

/** One line of a list. */
export interface Row {
  id: string;
  name: string;
  note: string;
  end: string;
  /** Is there, and does not count. */
  out: boolean;
}

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** A list of the page, with what is opened from it. */
export interface ListSection {
  /** In the address, and in the keys of its texts. */
  name: string;
  kind: ConfigurationKind;
  /** Where its texts stand: `section.NAME`, `search.NAME`, `add.NAME`, `empty.NAME`, `emptyText.NAME` and `choose.NAME`. */
  texts: string;
  rows: (office: Office, t: Translate) => Row[];
  /** It is given `office`, and the open thing as the property `as` (null: a new one); says `saved` with the id, and `removed`; and exposes `changed`. */
  editor: Component;
  as: string;
  /** Of what comes along and can be opened though nobody has set it up: its name inside, given to the editor as `builtIn`; null for any other id. */
  builtIn?: (id: string) => string | null;
}

/** An announcement of the company's own. */
const ownRow = ({ id, value }: AnnouncementObject, t: Translate): Row => ({ id, name: value.name, note: [t(builtInOf(id) === null ? 'announcements.own' : 'announcements.replaces'), ...value.sounds.map(({ language }) => t(`announcements.${language}`))].join(' · '), end: formatDuration(Math.max(1000, value.sounds[0]?.durationMs ?? 0)), out: false });

/** Theirs first; of those that come along each where it stood before somebody replaced it. */
function announcementRows({ objects }: Office, t: Translate): Row[] {
  const own = objects.value.filter((object): object is AnnouncementObject => object.kind === 'announcement');
  return [
    ...own.filter(({ id }) => !replaceable.some((name) => name === id)).map((one) => ownRow(one, t)),
    ...replaceable.map((id) => {
      const instead = own.find((one) => one.id === id);
      return instead === undefined ? { id, name: t(`announcements.builtIn.${id.replaceAll('-', '_')}`), note: t('announcements.comesAlong'), end: '', out: false } : ownRow(instead, t);
    }),
  ];
}

const flowName = ({ objects }: Office, flowId: string): string => objects.value.flatMap((object) => (object.kind === 'flow' && object.id === flowId ? [object.value.name] : []))[0] ?? '';

export const listSections: readonly ListSection[] = [
  {
    name: 'people', kind: 'person', texts: 'admin', editor: PersonEditor, as: 'person',
    rows: ({ people, accounts }, t) => people.value.map(({ id, value }) => ({ id, name: value.name, note: t(`app.role.${value.role}`), end: value.extension ?? '', out: accounts.value.some(({ agentId, disabled }) => agentId === id && disabled) })),
  },
  {
    name: 'groups', kind: 'group', texts: 'admin', editor: GroupEditor, as: 'group',
    rows: ({ groups, people }, t) => groups.value.map(({ id, value }) => ({ id, name: value.name, note: t(`admin.strategy.${value.strategy}`), end: t('admin.memberCount', { n: membersOf(id, people.value).length }), out: false })),
  },
  {
    name: 'numbers', kind: 'number', texts: 'admin', editor: NumberEditor, as: 'number',
    rows: (office, t) => office.objects.value.filter((object): object is NumberObject => object.kind === 'number').map(({ id, value }) => ({ id, name: value.name, note: t('admin.leadsToFlow', { flow: flowName(office, value.flowId) }), end: formatNumber(id), out: false })),
  },
  { name: 'announcements', kind: 'announcement', texts: 'admin', editor: AnnouncementEditor, as: 'announcement', rows: announcementRows, builtIn: (id) => replaceable.find((name) => name === id) ?? null },
  {
    name: 'away', kind: 'awayReason', texts: 'away', editor: AwayReasonEditor, as: 'reason',
    rows: ({ objects }, t) => awayReasonsIn(objects.value).map(({ id, value }) => ({ id, name: value.name, note: [value.english, t(value.paid ? 'away.isPaid' : 'away.isUnpaid')].filter(Boolean).join(' · '), end: value.longestMs === null ? '' : t('away.upTo', { n: Math.round(value.longestMs / 60_000) }), out: false })),
  },
];

/** The thing of a list by its id; null where there is none. */
export const thingOf = ({ kind }: ListSection, id: string | null, objects: readonly ConfigurationObject[]): ConfigurationObject | null => objects.find((object) => object.kind === kind && object.id === id) ?? null;
