/** What the server says about itself, the session and the operation. */

export type Right =
  | 'operation.read'
  | 'territory.read'
  | 'class.read'
  | 'reasons.read'
  | 'need.read'
  | 'plan.read'
  | 'plan.write'
  | 'plan.review'
  | 'plan.approve'
  | 'simulate'
  | 'override.write'
  | 'import.write'
  | 'check.read'
  | 'roster.read'
  | 'roster.write'
  | 'document.read'
  | 'user.manage'
  | 'audit.read'
  | 'settings.write'
  | 'roads.read'
  | 'roads.close'
  | 'traffic.read'
  | 'traffic.write';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly agency: string;
  readonly agency_name?: string;
  readonly function: string;
  readonly function_name: string;
  readonly areas: readonly string[];
  readonly demo: boolean;
  readonly must_change: boolean;
}

export interface SessionBody {
  readonly account: Account;
  readonly rights: readonly Right[];
  readonly csrf: string;
  readonly expires_at: string;
  readonly password_min: number;
}

export interface DemoAccount {
  readonly name: string;
  readonly password: string;
  readonly person: string;
  readonly function_name: string;
}

export interface Hello {
  readonly product: string;
  readonly version: string;
  readonly demo: boolean;
  readonly demo_accounts?: readonly DemoAccount[];
  readonly operation_name?: string | null;
}
