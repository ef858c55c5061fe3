/** What waits for a peer. */
export interface Backlog {
  /** Characters that it has not taken. */
  readonly waiting: number;
  /** Told whenever the system has taken what was under way; one listener. */
  onTaken: () => void;
}

/** What an Engine.IO socket tells of what it has yet to send, and the TCP socket under it. */
export interface SendingSocket {
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
  on(event: 'flush', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  readonly transport: { on(event: 'drain', listener: () => void): unknown };
  readonly request: { readonly socket: { destroy(): unknown; setTimeout(idleMs: number, listener: () => void): unknown } };
}

/** Characters that may wait for a peer that does not read: several of the largest snapshots. */
const MAX_WAITING = 4 * 1024 * 1024;
/** A peer that says nothing for so long after our last words has taken them, or never will. */
const LAST_WORDS_MS = 2000;

/**
 * Ends a socket whose peer does not read before what waits for it fills the memory, and takes care that a socket that
 * was ended is gone, whether or not its peer agrees. Pongs are no proof of reading: a peer can send them unasked.
 * @param onOverflow told before the socket is cut
 * @returns how much waits, for whoever would rather send less than have the peer cut off
 */
export function boundBacklog(socket: SendingSocket, onOverflow: () => void, maximum: number = MAX_WAITING): Backlog {
  /** Made and not yet given to the transport; given to it and not yet taken by the system. */
  let queued = 0;
  let underWay = 0;
  let isCut = false;
  const backlog = { onTaken: () => {}, get waiting() { return queued + underWay; } };
  socket.on('packetCreate', ({ data }) => {
    queued += typeof data === 'string' ? data.length : 0;
    if (isCut || queued + underWay <= maximum) return;
    isCut = true;
    onOverflow();
    socket.request.socket.destroy();
  });
  socket.on('flush', () => {
    underWay += queued;
    queued = 0;
  });
  socket.transport.on('drain', () => {
    underWay = 0;
    backlog.onTaken();
  });
  socket.once('close', () => socket.request.socket.setTimeout(LAST_WORDS_MS, () => socket.request.socket.destroy()));
  return backlog;
}
