import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/print.css';
import { loadLetters } from '../styles/letters';
import { mount } from 'svelte';
import { route } from '$lib/state/router.svelte';
import { start } from '$lib/state/session.svelte';
import { apply } from '$lib/state/theme.svelte';
import App from './App.svelte';
import { fetchCode, readFirst } from './screens';

apply();
let reads: Promise<unknown> = Promise.resolve();
void start((body) => {
  reads = readFirst(route().screen, body);
}).finally(() => reads.finally(loadLetters));
fetchCode(route().screen);
const target = document.getElementById('app');
if (target) mount(App, { target });
