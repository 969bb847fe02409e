/** Lengths, times and windows as words. */
import { figure, lengthOf, minutes, moment } from '$lib/i18n/format';
import { t } from '../words';

export { lengthOf };

/** 45 dtk, 12 mnt, 1 jam 20 mnt. */
export function timeOf(seconds: number | null | undefined): string {
  if (seconds == null) return t('unreachable');
  if (seconds < 60) return t('seconds', { s: figure(seconds) });
  if (seconds < 3600) return minutes(seconds, seconds < 600 ? 1 : 0);
  const whole = Math.round(seconds / 60);
  return t('hours_minutes', { h: figure(Math.floor(whole / 60)), m: figure(whole % 60) });
}

/** From when to when, as one phrase. */
export function windowOf(begins: string | null, ends: string | null): string {
  if (begins && ends) return t('window', { begins: moment(begins), ends: moment(ends) });
  if (begins) return t('window_from', { begins: moment(begins) });
  return ends ? t('window_to', { ends: moment(ends) }) : t('window_open');
}
