/** Short messages at the foot of the screen: what was done, with the version, and its undo. */

export interface Message {
  readonly text: string;
  /** What the button says, and what it does. */
  readonly undo?: { readonly label: string; readonly act: () => Promise<void> } | undefined;
}

let now = $state.raw<Message | null>(null);

export const messages = {
  get now(): Message | null {
    return now;
  },
  say(text: string, undo?: Message['undo']): void {
    now = { text, undo };
  },
  clear(): void {
    now = null;
  },
};
