import { useI18n } from 'vue-i18n';
import type { Notice } from '../../contract/cti/notice.ts';
import { ContactOutcome } from '../../contract/customer.ts';
import { ErrorCode } from '../../contract/errors.ts';
import { formatNumber } from '../../contract/phone-number.ts';
import { errorKey } from './errors.ts';

/** A notice as a sentence. Its detail may be an outcome, a number or a name. */
export function useNoticeText(): (notice: Notice) => string {
  const { t } = useI18n();
  return ({ code, detail }) => {
    const outcome = ContactOutcome.safeParse(detail);
    const error = ErrorCode.safeParse(detail);
    if (error.success) return t(errorKey(error.data));
    const what = outcome.success ? t(`app.outcome.${outcome.data}`) : detail === '' ? t('app.common.unknown') : formatNumber(detail);
    return t(`app.notice.${code}`, { detail: what });
  };
}
