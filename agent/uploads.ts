import { randomUUID } from 'node:crypto';
import { done, fail, ok, type Result } from '../contract/errors.ts';

interface Upload {
  uploadId: string;
  content: Uint8Array<ArrayBuffer>;
  at: number;
}

/** Bytes on their way from windows to the center: of each window one thing at a time, and no longer than the window is there. */
export class Uploads {
  private readonly under = new WeakMap<object, Upload>();

  /** What the window has begun before is forgotten. @param bytes bounded by the bridge's schema */
  begin(window: object, bytes: number): { uploadId: string } {
    const upload = { uploadId: randomUUID(), content: new Uint8Array(bytes), at: 0 };
    this.under.set(window, upload);
    return { uploadId: upload.uploadId };
  }

  /** @returns `not-found` for what is not under way, `input.invalid` for a piece out of its turn or beyond the end */
  take(window: object, uploadId: string, at: number, base64: string): Result<null> {
    const upload = this.of(window, uploadId);
    if (!upload.ok) return upload;
    const piece = Buffer.from(base64, 'base64');
    // Its answer was lost.
    if (at + piece.length === upload.value.at) return done();
    if (at !== upload.value.at || at + piece.length > upload.value.content.length) return fail('input.invalid', `${upload.value.at} bytes of ${upload.value.content.length} are here`);
    upload.value.content.set(piece, at);
    upload.value.at += piece.length;
    return done();
  }

  /** @returns `input.invalid` while something is missing */
  contentOf(window: object, uploadId: string): Result<Uint8Array<ArrayBuffer>> {
    const upload = this.of(window, uploadId);
    if (!upload.ok) return upload;
    const { at, content } = upload.value;
    return at === content.length ? ok(content) : fail('input.invalid', `${at} bytes of ${content.length} are here`);
  }

  forget(window: object, uploadId: string): void {
    if (this.under.get(window)?.uploadId === uploadId) this.under.delete(window);
  }

  private of(window: object, uploadId: string): Result<Upload> {
    const upload = this.under.get(window);
    return upload?.uploadId === uploadId ? ok(upload) : fail('not-found', 'no such upload is under way');
  }
}
