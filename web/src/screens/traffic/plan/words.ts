/** Words of the traffic plan. */
import { words } from '$lib/i18n/language.svelte';
import { plan as en } from '../words/plan.en';
import { plan as id } from '../words/plan.id';

export const t = words(id, en);
