import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { unexpiredFiles } from '../store/jobs.ts';
import type { Reader } from '../store/tables.ts';

/*
 * A file that a job made, encrypted: parts of the same size, each AES-256-GCM under a key of this file alone. The nonce is the
 * number of the part; which one is the last is authenticated, so that a file that was cut short is not taken for a whole one.
 */

/** Of what is in it. */
export const PART_BYTES = 256 * 1024;
const TAG_BYTES = 16;
const SEALED_BYTES = PART_BYTES + TAG_BYTES;
/** A file may be read for so long after it was made. */
export const FILE_LIFE_MS = 86_400_000;

/** What nobody has written to for so long is nobody's. */
const YOUNG_MS = 600_000;

const nonceOf = (part: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(part, 8);
  return nonce;
};
const aboutOf = (isLast: boolean): Buffer => Buffer.from(isLast ? 'last' : 'more');

const pathOf = (folder: string, jobId: string): string => join(folder, `${jobId}.part`);

/** Writes a job's file. Nothing of it is found under its name before `finish`. */
export class JobFile {
  private readonly key = randomBytes(32);
  private readonly handle: FileHandle;
  private readonly folder: string;
  private readonly jobId: string;
  private readonly beside: string;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private sealed = 0;
  private writtenBytes = 0;

  private constructor(folder: string, jobId: string, beside: string, handle: FileHandle) {
    this.folder = folder;
    this.jobId = jobId;
    this.beside = beside;
    this.handle = handle;
  }

  /** @throws as the file system does */
  static async create(folder: string, jobId: string): Promise<JobFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const beside = join(folder, `${jobId}.${randomBytes(4).toString('hex')}.new`);
    return new JobFile(folder, jobId, beside, await open(beside, 'wx', 0o600));
  }

  /** Bytes of what is in it so far. */
  get bytes(): number {
    return this.writtenBytes + this.pendingBytes;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    // A last part is never empty, but in an empty file.
    while (this.pendingBytes > PART_BYTES) await this.seal(false);
  }

  /** Closes it under its name. @returns what opens it, and its number of parts */
  async finish(): Promise<{ secret: string; parts: number; bytes: number }> {
    await this.seal(true);
    await this.handle.sync();
    await this.handle.close();
    await rename(this.beside, pathOf(this.folder, this.jobId));
    return { secret: this.key.toString('base64'), parts: this.sealed, bytes: this.writtenBytes };
  }

  /** Leaves nothing behind, unless it is finished. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    await rm(this.beside, { force: true });
  }

  private async seal(isLast: boolean): Promise<void> {
    const all = Buffer.concat(this.pending);
    const part = all.subarray(0, PART_BYTES);
    const rest = all.subarray(part.length);
    this.pending = rest.length > 0 ? [rest] : [];
    this.pendingBytes = rest.length;
    const cipher = createCipheriv('aes-256-gcm', this.key, nonceOf(this.sealed));
    cipher.setAAD(aboutOf(isLast));
    const sealed = Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
    await this.handle.write(sealed, 0, sealed.length, this.sealed * SEALED_BYTES);
    this.sealed += 1;
    this.writtenBytes += part.length;
  }
}

/**
 * One part of a job's file, from 0.
 * @returns null where there is no such file, part or key, or it is not as it was written
 */
export async function readPart(folder: string, jobId: string, { secret, part, parts }: { secret: string; part: number; parts: number }): Promise<Buffer | null> {
  const handle = await open(pathOf(folder, jobId), 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SEALED_BYTES), 0, SEALED_BYTES, part * SEALED_BYTES);
    if (bytesRead < TAG_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(secret, 'base64'), nonceOf(part));
    decipher.setAAD(aboutOf(part === parts - 1));
    decipher.setAuthTag(buffer.subarray(bytesRead - TAG_BYTES, bytesRead));
    return Buffer.concat([decipher.update(buffer.subarray(0, bytesRead - TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Removes files that nobody can read any more, and what jobs that were cut short have left behind. */
export async function removeOldFiles(db: Reader, folder: string, now: number): Promise<void> {
  const kept = new Set((await unexpiredFiles(db, now)).map((jobId) => pathOf(folder, jobId)));
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (kept.has(path)) continue;
    const age = now - ((await stat(path).catch(() => null))?.mtimeMs ?? 0);
    // One that has just been made is not told of yet.
    if (age > YOUNG_MS) await rm(path, { force: true });
  }
}

