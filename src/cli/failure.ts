// Why a command failed: an exit code for scripts and a sentence for people that says what to do.
import { AccountError } from "../auth/accounts.js";
import { OverloadError } from "../auth/slow-work.js";
import { ConfigError } from "../config/problem.js";
import { OperationRefused } from "../extension/operation-refused.js";
import { ListenError } from "../net/listening.js";
import { CertificateError } from "../net/certificates.js";
import { StorageError } from "../storage/storage-error.js";

/** Exit codes; those from 64 up are the ones of BSD's sysexits. */
export const ExitCode = {
  ok: 0,
  /** It was refused or did not work. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The server is not running, or something else holds what is needed. */
  unavailable: 69,
  /** A fault in Rookery itself. */
  fault: 70,
  /** This user of the system may not. */
  noPermission: 77,
  /** The configuration is wrong. */
  configuration: 78,
} as const;

export class CommandError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Refuses what was asked for. */
export function refuse(message: string): never {
  throw new CommandError(ExitCode.failed, message);
}

/** Complains about the command line. */
export function misused(message: string): never {
  throw new CommandError(ExitCode.usage, message);
}

/** The failure to show for whatever was thrown; undefined for a fault that nobody foresaw. */
export function asCommandError(error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return error;
  if (error instanceof ConfigError) return new CommandError(ExitCode.configuration, error.message);
  if (error instanceof StorageError && error.code === "in-use") return new CommandError(ExitCode.unavailable, error.message); // prettier-ignore
  const isForeseen = [AccountError, OperationRefused, OverloadError, ListenError, CertificateError, StorageError].some((kind) => error instanceof kind); // prettier-ignore
  return isForeseen && error instanceof Error ? new CommandError(ExitCode.failed, error.message) : undefined;
}
