// Somebody who chats with some client program.

/** How a client reaches the server. */
export type Road = "STARTTLS" | "direct TLS" | "WebSocket";

export interface Chatter {
  /** Bare address. */
  readonly address: string;
  /** Resolves when the server has made the session available. */
  comeOnline(): Promise<void>;
  say(to: string, body: string): Promise<void>;
  /** Resolves when the client has shown a message with this body. */
  hear(from: string, body: string): Promise<void>;
  /** Resolves when the client has ended. */
  leave(): Promise<void>;
  /** Ends the client by force, if it runs. */
  abandon(): Promise<void>;
}

/** A chatter who can also make sure that the server has dealt with everything that reached it before. */
export interface Partner extends Chatter {
  roundTrip(): Promise<void>;
}
