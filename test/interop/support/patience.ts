// How long anything may take on a busy machine, and what is said when it takes longer.

/** Milliseconds in which whatever is waited for must happen. */
export const PATIENCE_MILLISECONDS = 20_000;
/** Milliseconds in which a program must be ready: several start at a time, and each is busiest then. */
export const STARTING_MILLISECONDS = 60_000;

/** Gives what comes, or fails with `complaint` when it does not come in time. */
export async function withPatience<T>(
  coming: Promise<T>,
  complaint: () => string,
  patience = PATIENCE_MILLISECONDS,
): Promise<T> {
  let deadline: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    deadline = setTimeout(() => reject(new Error(complaint())), patience);
  });
  return Promise.race([coming, tooLate]).finally(() => clearTimeout(deadline));
}
