/** Words of the traffic screen: its two dictionaries, each of three parts. */
import { words } from '$lib/i18n/language.svelte';
import * as en from './words/en';
import * as id from './words/id';

export const t = words(
  { ...id.screen, ...id.closures, ...id.tools },
  { ...en.screen, ...en.closures, ...en.tools },
);
