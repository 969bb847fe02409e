/** Names of what the verifier looks at, by the first word of its rule; the detail says the rest. */
import { t } from './words';

const GROUPS = {
  approach: 'rule_approach',
  closure: 'rule_closure',
  conflict: 'rule_conflict',
  corridor: 'rule_corridor',
  demand: 'rule_demand',
  diversion: 'rule_diversion',
  escort: 'rule_escort',
  event: 'rule_inputs',
  events: 'rule_inputs',
  load: 'rule_load',
  neutral: 'rule_neutral',
  officer: 'rule_officer',
  officers: 'rule_officer',
  patrol: 'rule_patrol',
  post: 'rule_post',
  posts: 'rule_post',
  same: 'rule_inputs',
  way: 'rule_way',
} as const;

export function ruleName(rule: string): string {
  const [first = ''] = rule.split('_');
  return first in GROUPS ? t(GROUPS[first as keyof typeof GROUPS]) : t('rule_other');
}
