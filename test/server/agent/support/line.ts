import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Pair {
  near: Socket;
  far: Socket;
}

/** A line to a server that a test can cut, and mend on the same port. */
export class Line {
  readonly port: number;
  private readonly server: ReturnType<typeof createServer>;
  private readonly pairs: Set<Pair>;
  private up = true;

  private constructor(server: ReturnType<typeof createServer>, pairs: Set<Pair>) {
    this.server = server;
    this.pairs = pairs;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param to port on loopback that it leads to */
  static async to(to: number): Promise<Line> {
    const pairs = new Set<Pair>();
    const server = createServer((near) => {
      if (!line.up) {
        near.destroy();
        return;
      }
      const far = connect(to, '127.0.0.1');
      const pair = { near, far };
      pairs.add(pair);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          pairs.delete(pair);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const line = new Line(server, pairs);
    onTestFinished(() => line.close());
    return line;
  }

  /** Nothing gets through, and whoever tries is refused, until `mend`. */
  cut(): void {
    this.up = false;
    for (const { near, far } of this.pairs) for (const socket of [near, far]) socket.destroy();
  }

  /** What the near side sends is swallowed, while the connection stays. */
  stall(): void {
    for (const { near, far } of this.pairs) {
      near.unpipe(far);
      near.resume();
    }
  }

  mend(): void {
    this.up = true;
  }

  private close(): void {
    this.cut();
    this.server.close();
  }
}
