/** The WebSocket that tells what happens, with reconnecting after a growing, jittered pause. */

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;

/**
 * @typedef {{state:"open"} | {state:"lost", retryAt:number}} Connection
 */
export class Socket {
  /**
   * @param {() => string} address
   * @param {(event:any) => void} onEvent
   * @param {(connection:Connection, again:boolean) => void} onConnection `again` is true on every opening but the first
   */
  constructor(address, onEvent, onConnection) {
    this.address = address;
    this.onEvent = onEvent;
    this.onConnection = onConnection;
    this.failures = 0;
    this.opened = false;
    /** @type {WebSocket|null} */
    this.socket = null;
    this.timer = 0;
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.retry(); });
  }

  connect() {
    clearTimeout(this.timer);
    const socket = new WebSocket(this.address());
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.failures = 0;
      this.onConnection({ state: "open" }, this.opened);
      this.opened = true;
    });
    socket.addEventListener("message", (message) => {
      let event = null;
      try {
        event = JSON.parse(message.data);
      } catch {
        return;
      }
      if (event && typeof event.type === "string") this.onEvent(event);
    });
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.later();
    });
  }

  later() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures) * (0.8 + Math.random() * 0.4);
    this.failures += 1;
    this.onConnection({ state: "lost", retryAt: Date.now() + pause }, true);
    this.timer = setTimeout(() => this.connect(), pause);
  }

  /** Try at once, if not connected. */
  retry() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    this.connect();
  }

  /** Leave, and connect again under another address. */
  restart() {
    const old = this.socket;
    this.socket = null;
    old?.close();
    this.opened = false;
    this.failures = 0;
    this.connect();
  }
}
