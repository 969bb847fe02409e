/** Who is signed in, and the dialog that asks again when a session ran out. */
import { forgetAnswers, get, keepSessionWith, send } from '../api/client';
import { ApiError } from '../api/errors';
import type { Hello, Right, SessionBody } from '../api/session';

interface State {
  /** 'starting' until the server was asked. */
  stage: 'starting' | 'out' | 'in';
  body: SessionBody | null;
  hello: Hello | null;
  error: ApiError | null;
  /** The session ran out over an open screen: the dialog is up. */
  asking: boolean;
}

export const session = $state<State>({
  stage: 'starting',
  body: null,
  hello: null,
  error: null,
  asking: false,
});

let answerAsked: ((back: boolean) => void) | null = null;
let asked: Promise<boolean> | null = null;

export function may(right: Right): boolean {
  return session.body?.rights.includes(right) ?? false;
}

/** Asks the server who we are; `known` hears of it before anything is drawn. */
export async function start(known?: (body: SessionBody) => void): Promise<void> {
  session.error = null;
  try {
    await readSession(known);
  } catch (thrown) {
    session.error = thrown instanceof ApiError ? thrown : null;
    session.stage = 'out';
  }
}

async function readSession(known?: (body: SessionBody) => void): Promise<void> {
  try {
    const body = await get<SessionBody>('/api/session', { anonymous: true });
    known?.(body);
    session.body = body;
    session.stage = 'in';
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown;
    await readHello();
    session.body = null;
    session.stage = 'out';
  }
}

/** What the sign-in screen says of the house. */
async function readHello(): Promise<void> {
  session.hello ??= await get<Hello>('/api/hello', { anonymous: true });
}

/** Signs in; a dialog that was waiting goes on. */
export async function signIn(name: string, password: string, code: string): Promise<void> {
  const given = code ? { name, password, code } : { name, password };
  const body = await send<SessionBody>('POST', '/api/session', given, { anonymous: true });
  const other = session.body !== null && session.body.account.id !== body.account.id;
  session.body = body;
  if (other) {
    // somebody else took the chair: nothing of the former account may stay on the screen
    location.reload();
    return;
  }
  session.stage = 'in';
  settle(true);
}

/** Reads the session anew, after a password change. */
export async function reread(): Promise<void> {
  await readSession();
}

export async function signOut(): Promise<void> {
  try {
    await send('DELETE', '/api/session', undefined, { anonymous: true });
  } finally {
    forgetAnswers();
    session.body = null;
    session.stage = 'out';
    await readHello().catch(() => null); // the sign-in screen then says less
  }
}

/** The person closed the dialog without signing in. */
export function decline(): void {
  settle(false);
}

function settle(back: boolean): void {
  session.asking = false;
  answerAsked?.(back);
  answerAsked = null;
  asked = null;
}

function signInAgain(): Promise<boolean> {
  if (session.stage !== 'in') return Promise.resolve(false);
  asked ??= new Promise((resolve) => {
    answerAsked = resolve;
    session.asking = true;
  });
  return asked;
}

keepSessionWith({
  csrf: () => session.body?.csrf ?? null,
  refresh: () => readSession(),
  signInAgain,
});
