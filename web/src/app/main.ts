import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/print.css';
import { mount } from 'svelte';
import { start } from '$lib/state/session.svelte';
import { apply } from '$lib/state/theme.svelte';
import App from './App.svelte';

apply();
void start();
const target = document.getElementById('app');
if (target) mount(App, { target });
