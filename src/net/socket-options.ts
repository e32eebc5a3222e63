// How sockets for streams are set, accepted and outgoing ones alike.

// Half-open: after the peer's last byte we may still send. Keep-alive: the kernel finds peers that vanished.
export const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 300_000 };
