/** Words of the events. */
import { words } from '$lib/i18n/language.svelte';
import { events as en } from '../words/events.en';
import { events as id } from '../words/events.id';

export const t = words(id, en);
