import { useI18n } from 'vue-i18n';
import { ErrorCode } from '../../../contract/errors.ts';
import { errorKey } from '../../app/errors.ts';
import { useColleagues } from '../../app/stores/topics.store.ts';
import { atCenter } from '../../ui/format.ts';
import { refusalOf, wordOf } from './audit-words.ts';
import type { AuditLine } from './use-audit.ts';

/** How entries read, in a component's setup. */
export function useWords() {
  const i18n = useI18n();
  const { t } = i18n;
  const te = (key: string): boolean => i18n.te(key);
  const colleagues = useColleagues();
  const nameOf = (id: string): string => colleagues.nameOf(id) ?? id;
  /** What is done, whatever else an entry says. */
  const action = (name: string): string => {
    const key = wordOf(name);
    return key === null ? name : t(`audit.action.${key}`);
  };
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

  return {
    action,
    who(line: AuditLine): string {
      if (line.log === 'access') return nameOf(line.agentId);
      if (line.actor !== null) return nameOf(line.actor);
      return line.address === '' ? t('audit.center') : t('audit.nobody');
    },
    what(line: AuditLine): string {
      if (line.log === 'access') return t(`audit.kind.${line.kind}`);
      const configured = `audit.configured.${String(line.details['what'])}`;
      if (line.action === 'configuration.changed' && te(configured)) return t(configured);
      return action(line.action);
    },
    whom(line: AuditLine): string {
      if (line.log === 'access') return line.customerId ?? t('audit.seen', { customers: line.customers, contacts: line.contacts });
      const [kind = '', ...rest] = line.subject.split(' ');
      const known = `audit.subjectKind.${kind}`;
      if (!te(known)) return nameOf(line.subject);
      return [t(known), nameOf(rest.join(' '))].filter(Boolean).join(' ');
    },
    /** Why it came to nothing; empty for what was done. */
    refused(line: AuditLine): string {
      const why = line.log === 'audit' ? refusalOf(line) : null;
      if (why === null) return '';
      const code = ErrorCode.safeParse(why);
      return code.success ? t('audit.refusedBecause', { why: t(errorKey(code.data)) }) : t('audit.refused');
    },
    /** With date and seconds: which came first is what one wants to know. */
    when(at: number): string {
      const { date, hour, minute, ms } = atCenter(at);
      return `${date} ${two(hour)}:${two(minute % 60)}:${two((ms / 1000) % 60)}`;
    },
  };
}
