import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSecureContext, createServer, type Server as TlsServer } from 'node:tls';
import type { TlsFiles } from './access-settings.ts';
import type { Logger } from './logger.ts';

/** Whoever is not through with the handshake by then does not mean it. */
const HANDSHAKE_TIMEOUT_MS = 5000;
const LOOK_EVERY_MS = 5000;

interface Pair {
  cert: Buffer;
  key: Buffer;
  /** Names of the certificate, lower case, without wildcards. */
  names: string[];
}

export interface TlsDoorOptions {
  files: TlsFiles;
  /** Takes the connections, as if they had come to it. */
  http: () => HttpServer | undefined;
  logger: Logger;
  /** How often the files are looked at, milliseconds. */
  lookEveryMs?: number;
}

/**
 * TLS before an HTTP server that listens on loopback: what comes in here is handed to it, decrypted. A renewed
 * certificate is taken up without a restart; one that is broken is not, and the one there is goes on.
 * @throws Error in words for the operator when the files are no pair at the start
 */
export class TlsDoor {
  private readonly options: TlsDoorOptions;
  private readonly server: TlsServer;
  private pair: Pair;
  private currentTrouble: string | null = null;
  private readonly look = (): void => this.renew();

  constructor(options: TlsDoorOptions) {
    this.options = options;
    this.pair = pairOf(options.files);
    const { cert, key } = this.pair;
    this.server = createServer({ cert, key, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, (socket) => void options.http()?.emit('connection', socket));
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** What is wrong with the files, while the certificate from before is shown; null when nothing is. */
  get trouble(): string | null {
    return this.currentTrouble;
  }

  get names(): readonly string[] {
    return this.pair.names;
  }

  /** @returns the port. @throws when it cannot be listened on */
  async listen(address: { host: string; port: number }): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(address, resolve);
    });
    for (const file of this.files) watchFile(file, { interval: this.options.lookEveryMs ?? LOOK_EVERY_MS, persistent: false }, this.look);
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const file of this.files) unwatchFile(file, this.look);
    this.server.close();
  }

  private get files(): readonly string[] {
    return [this.options.files.certFile, this.options.files.keyFile];
  }

  /** Of the two files one changes first: then they are no pair, for a moment. */
  private renew(): void {
    const { files, logger } = this.options;
    try {
      const pair = pairOf(files);
      this.server.setSecureContext({ cert: pair.cert, key: pair.key, minVersion: 'TLSv1.2' });
      this.pair = pair;
      this.currentTrouble = null;
      logger.info({ names: pair.names, validTo: new X509Certificate(pair.cert).validTo }, 'another certificate is shown from now on');
    } catch (error) {
      this.currentTrouble = error instanceof Error ? error.message : String(error);
      logger.error({ why: this.currentTrouble }, 'the certificate cannot be renewed; the one from before is shown');
    }
  }
}

/** @throws in words for the operator */
function pairOf({ certFile, keyFile }: TlsFiles): Pair {
  const [cert, key] = [contentOf('SANGDAM_TLS_CERT', certFile), contentOf('SANGDAM_TLS_KEY', keyFile)];
  try {
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
  } catch (error) {
    throw new Error(`SANGDAM_TLS_CERT, SANGDAM_TLS_KEY: ${certFile} and ${keyFile} are no certificate and its key (PEM): ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
  const names = [...(new X509Certificate(cert).subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) => name.toLowerCase());
  return { cert, key, names: names.filter((name) => !name.includes('*')) };
}

function contentOf(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${variable}: ${file} cannot be read`, { cause: error });
  }
}
