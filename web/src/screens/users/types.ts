/** Accounts and functions as the administrator sees them. */
import type { Account } from '$lib/api/session';

export interface User extends Account {
  readonly totp: boolean;
  readonly created_at: string;
  readonly created_by: string;
  readonly revoked_at: string | null;
}

export interface JobFunction {
  readonly id: string;
  readonly name: string;
  readonly agencies: readonly string[];
  readonly rights: readonly string[];
  readonly scope: 'regency' | 'areas';
}

export interface Users {
  readonly users: readonly User[];
  readonly functions: readonly JobFunction[];
  readonly agencies: readonly { readonly id: string; readonly name: string }[];
  readonly kecamatan?: readonly { readonly code: string; readonly name: string }[];
}

/** What is handed to the holder, once. */
export interface NewAccess {
  readonly account: Account;
  readonly one_time_password: string;
  readonly totp_uri: string;
  readonly totp_qr_svg: string;
}
