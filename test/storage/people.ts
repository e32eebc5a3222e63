// The accounts, roster items and stanzas that the storage tests speak of.
import type { AccountRecord, RosterItemRecord } from "../../src/storage/records.js";
import type { OfflineQuota } from "../../src/storage/storage.js";

export const roomy: OfflineQuota = { messages: 1000, bytes: 1_000_000 };

export const romeo = accountOf("romeo");
export const juliet = accountOf("juliet");
export const nurse = accountOf("nurse");

export function accountOf(user: string, host = "verona.example"): AccountRecord {
  const keys = { salt: "c2FsdA==", iterations: 10_000, storedKey: "c3RvcmVk", serverKey: "c2VydmVy" };
  return {
    host,
    user,
    credentials: { "SHA-1": keys, "SHA-256": keys },
    isDisabled: false,
    createdAt: 1_600_000_000_000,
  };
}

export function itemOf(jid: string, version: number, changes: Partial<RosterItemRecord> = {}): RosterItemRecord {
  const item = {
    jid,
    name: "",
    subscription: "none",
    isAsking: false,
    isApproved: false,
    groups: [],
    version,
  } as const;
  return { ...item, ...changes };
}

export function line(body: string): string {
  return `<message xmlns='jabber:client' type='chat'><body>${body}</body></message>`;
}
