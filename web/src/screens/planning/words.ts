/** Words of the planning screen: its two dictionaries, each of three parts. */
import { words } from '$lib/i18n/language.svelte';
import * as en from './words/en';
import * as id from './words/id';

export const t = words({ ...id.desk, ...id.plan, ...id.things }, { ...en.desk, ...en.plan, ...en.things });
