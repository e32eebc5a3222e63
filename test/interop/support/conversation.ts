// The scene that every client plays.
import type { Chatter, Partner } from "./chatter.js";

/** Both are offline at first, and at the end. `romeo` has the client that is tested, `juliet` one of another kind. */
export async function conversation(romeo: Chatter, juliet: Partner): Promise<void> {
  try {
    await play(romeo, juliet);
  } finally {
    await romeo.abandon();
    await juliet.abandon();
  }
}

async function play(romeo: Chatter, juliet: Partner): Promise<void> {
  await romeo.comeOnline();
  await juliet.comeOnline();

  await romeo.say(juliet.address, "Call me but love");
  await juliet.hear(romeo.address, "Call me but love");
  await juliet.say(romeo.address, "Art thou not Romeo & a <Montague>?");
  await romeo.hear(juliet.address, "Art thou not Romeo & a <Montague>?");

  await juliet.leave();
  await romeo.say(juliet.address, "Wilt thou leave me so unsatisfied?");
  await romeo.leave();

  await juliet.comeOnline();
  await juliet.hear(romeo.address, "Wilt thou leave me so unsatisfied?");
  await juliet.say(romeo.address, "Parting is such sweet sorrow");
  await juliet.roundTrip(); // now it is stored

  await romeo.comeOnline();
  await romeo.hear(juliet.address, "Parting is such sweet sorrow");
  await romeo.leave();
  await juliet.leave();
}
