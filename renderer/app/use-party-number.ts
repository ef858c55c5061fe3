import { useI18n } from 'vue-i18n';
import { formatNumber, isWithheld } from '../../contract/phone-number.ts';

/** The other party's number as people read it: who keeps it to themselves, and who has none, has words instead. */
export function usePartyNumber(): (number: string) => string {
  const { t } = useI18n();
  return (number) => {
    if (number === '') return t('app.common.unknownNumber');
    return isWithheld(number) ? t('app.common.withheld') : formatNumber(number);
  };
}
