// What has come and not been looked at yet, oldest first; whoever looks waits for it.

/** For one reader at a time. */
export class Queue<T> {
  private readonly items: T[] = [];
  private waiting: (() => void)[] = [];

  push(item: T): void {
    this.items.push(item);
    this.wakeAll();
  }

  /** Puts items back in front, oldest first. */
  putBack(items: readonly T[]): void {
    this.items.unshift(...items);
    if (items.length > 0) this.wakeAll();
  }

  /** Takes the oldest item, or nothing when none comes within the patience (milliseconds). */
  async take(patience: number): Promise<T | undefined> {
    if (this.items.length === 0) await this.isFilled(patience);
    return this.items.shift();
  }

  /** Waits until there is something, or the patience is at its end. Gives whether there is. */
  async isFilled(patience: number): Promise<boolean> {
    if (this.items.length === 0 && patience > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patience);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.items.length > 0;
  }

  private wakeAll(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}
