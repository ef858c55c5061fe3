import type { Result } from '../../../contract/errors.ts';
import type { Job } from '../../../contract/job.ts';
import type { Api } from '../../app/use-api.ts';

const typeOf = (name: string): string => (name.endsWith('.csv') ? 'text/csv;charset=utf-8' : 'application/x-ndjson');

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Fetches the file of a job part by part, and gives it to the browser or the desktop to be saved. */
export async function saveFile(api: Api, { jobId, result }: Job): Promise<Result<unknown>> {
  if (result?.of !== 'file') return { ok: false, error: { code: 'not-found', message: 'no file' } };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = 0; part < result.parts; part++) {
    const answer = await api('jobs.file', { jobId, part });
    if (!answer.ok) return answer;
    parts.push(bytesOf(answer.value.data));
  }
  const url = URL.createObjectURL(new Blob(parts, { type: typeOf(result.name) }));
  const link = Object.assign(document.createElement('a'), { href: url, download: result.name });
  link.click();
  // A browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return { ok: true, value: null };
}
