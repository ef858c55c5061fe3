import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CustomerChanges } from '../../../contract/customer.ts';
import { stage, webFolder } from './stage.ts';

describe('the changes of customers', () => {
  it('come by pages to who is signed in', async () => {
    const { origin, signIn, store } = await stage();
    const { accessToken } = await signIn('agent1');
    const get = async (query: string) => {
      const response = await fetch(`${origin}/api/v1/customers/changes${query}`, { headers: { authorization: `Bearer ${accessToken}` } });
      return CustomerChanges.parse(await response.json());
    };
    const first = await get('');
    expect(first).toMatchObject({ more: true });
    expect(first.customers).toHaveLength(1000);
    const rest = await get(`?cursor=${first.cursor}&mark=${first.mark}&limit=5000`);
    expect(rest).toMatchObject({ more: false, remaining: 0, reset: false, cursor: await store.records.customersCursor() });
    expect(await get(`?cursor=${first.cursor}&mark=of-another-center`)).toMatchObject({ reset: true, customers: first.customers });
  });
});

describe('failure: the changes of customers', () => {
  it('are refused to strangers', async () => {
    const { origin } = await stage();
    for (const authorization of ['', 'Bearer', 'Bearer x.y.z', 'Basic YTpi']) {
      const response = await fetch(`${origin}/api/v1/customers/changes`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ status: 401, code: 'auth.invalid' });
    }
  });

  it('refuse pages that are none', async () => {
    const { origin, signIn } = await stage();
    const { accessToken } = await signIn('agent1');
    for (const query of ['limit=1e9', 'limit=0', 'limit=5001', 'cursor=-1', 'cursor=NaN', 'cursor=1;DROP TABLE customers', 'cursor=1&cursor=2', 'sort=name', `mark=${'x'.repeat(81)}`]) {
      const response = await fetch(`${origin}/api/v1/customers/changes?${query}`, { headers: { authorization: `Bearer ${accessToken}` } });
      expect([query, response.status]).toEqual([query, 400]);
    }
  });
});

describe('health', () => {
  it('is told, and is bad when the switch or the store is away', async () => {
    const { origin, center, store } = await stage();
    const health = async () => {
      const response = await fetch(`${origin}/healthz`);
      const body: unknown = await response.json();
      return { status: response.status, body };
    };
    expect(await health()).toMatchObject({ status: 200, body: { ok: true, switch: true, store: true, version: '0.0.0', contacts: 0 } });
    center.switchAvailable = false;
    expect(await health()).toMatchObject({ status: 503, body: { ok: false, switch: false } });
    center.switchAvailable = true;
    await store.close();
    expect(await health()).toMatchObject({ status: 503, body: { ok: false, store: false } });
  });

  it('is no more than whether it works to whoever is not at this machine, or comes through a proxy', async () => {
    const { origin, center, signIn } = await stage();
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${origin}/healthz`, { headers });
      const body: unknown = await response.json();
      return { status: response.status, body };
    };
    const elsewhere: Record<string, string>[] = [{ 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' }, { via: '1.1 proxy' }, { 'x-real-ip': '127.0.0.1' }];
    for (const headers of elsewhere) expect(await ask(headers)).toEqual({ status: 200, body: { ok: true } });
    const { accessToken } = await signIn('agent1');
    expect(await ask({ 'x-forwarded-for': '192.0.2.1', authorization: `Bearer ${accessToken}` })).toEqual({ status: 200, body: { ok: true } });
    const inCharge = await signIn('supervisor');
    expect(await ask({ 'x-forwarded-for': '192.0.2.1', authorization: `Bearer ${inCharge.accessToken}` })).toMatchObject({ body: { ok: true, version: '0.0.0', desks: 0 } });
    center.switchAvailable = false;
    expect(await ask({ 'x-forwarded-for': '192.0.2.1' })).toEqual({ status: 503, body: { ok: false } });
  });
});

describe('pages', () => {
  it('are the desk for its routes and the demo’s phone for /customer', async () => {
    const { origin } = await stage({ webFolder: await webFolder() });
    const page = async (path: string) => (await fetch(`${origin}${path}`)).text();
    for (const path of ['/', '/wallboard', '/customers/cu-1', '/settings?tab=sound']) expect(await page(path)).toContain('desk');
    expect(await page('/customer')).toContain('customer');
  });

  it('failure: the demo’s phone is nowhere but in the demo', async () => {
    const { origin } = await stage({ webFolder: await webFolder(), demo: false });
    for (const path of ['/customer', '/customer/', '/customer?number=1', '/demo/customer/index.html', '/%64emo/customer/index.html', '/assets/../demo/customer/index.html', '//demo/customer/index.html']) {
      const response = await fetch(`${origin}${path}`);
      expect([path, [400, 404].includes(response.status), await response.text()]).toEqual([path, true, expect.not.stringContaining('customer</title>')]);
    }
    expect(await (await fetch(`${origin}/customers/cu-1`)).text()).toContain('desk');
  });

  it('are fresh at each visit, and their hashed assets kept for good', async () => {
    const { origin } = await stage({ webFolder: await webFolder() });
    expect((await fetch(`${origin}/`)).headers.get('cache-control')).toBe('no-cache');
    const asset = await fetch(`${origin}/assets/index-abc123.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
  });

  it('go out as the build has compressed them, by what the browser takes', async () => {
    const folder = await webFolder();
    for (const [path, text] of [['assets/index-abc123.js', 'export const a = 1'], ['renderer/index.html', '<title>desk, smaller</title>']] as const) {
      await writeFile(join(folder, `${path}.br`), brotliCompressSync(text));
      await writeFile(join(folder, `${path}.gz`), gzipSync(text));
    }
    const { origin } = await stage({ webFolder: folder });
    const ask = async (path: string, accepted: string) => {
      const { headers } = await fetch(`${origin}${path}`, { headers: { 'accept-encoding': accepted } });
      return [headers.get('content-encoding'), headers.get('vary'), headers.get('content-type')?.split(';')[0]];
    };
    expect(await ask('/assets/index-abc123.js', 'gzip, deflate, br')).toEqual(['br', 'accept-encoding', 'application/javascript']);
    expect(await ask('/assets/index-abc123.js', 'gzip')).toEqual(['gzip', 'accept-encoding', 'application/javascript']);
    expect(await ask('/assets/index-abc123.js', 'identity')).toEqual([null, 'accept-encoding', 'application/javascript']);
    expect(await ask('/history', 'br')).toEqual(['br', 'accept-encoding', 'text/html']);
    expect(await (await fetch(`${origin}/`, { headers: { 'accept-encoding': 'br' } })).text()).toContain('smaller');
  });

  it('carry headers that let nothing in but ourselves', async () => {
    const { origin } = await stage({ webFolder: await webFolder() });
    const { headers } = await fetch(`${origin}/`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${origin.replace('http', 'ws')}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const { headers: ofAsset } = await fetch(`${origin}/assets/index-abc123.js`);
    expect(['x-content-type-options', 'cross-origin-resource-policy', 'content-security-policy'].map((name) => ofAsset.get(name))).toEqual(['nosniff', 'same-origin', null]);
    for (const path of ['/', '/api/nothing', '/renderer/index.html', '/assets/no-file', '/assets/missing.js']) expect([path, (await fetch(`${origin}${path}`)).headers.has('content-security-policy')]).toEqual([path, true]);
  });
});

describe('failure: pages', () => {
  it('outside of the built edition are not found', async () => {
    const { origin } = await stage({ webFolder: await webFolder() });
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/assets/..%5c..%5cpackage.json', '/assets/missing.js', '/api/nothing', '/%00.html']) {
      const response = await fetch(`${origin}${path}`);
      expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
      expect(await response.text()).not.toContain('"name"');
    }
  });

  it('say that the edition is not built', async () => {
    const { origin } = await stage();
    const response = await fetch(`${origin}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm run build');
  });
});

describe('failure: an address', () => {
  it.each(['/api/%zz', '/%', '/api/customers/changes%'])('that cannot be read, as %s, is answered as anything bad is', async (path) => {
    const { origin } = await stage();
    const response = await fetch(`${origin}${path}`);
    expect([response.status, await response.json()]).toEqual([400, { ok: false, error: { code: 'input.invalid', message: 'not an address' } }]);
  });
});
