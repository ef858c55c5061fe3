import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/*
 * A self-signed certificate for localhost and 127.0.0.1, and its key. Nobody trusts it, and it protects nothing: it
 * is what a server shows whose certificate must be refused.
 */
const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUO8sa9VJ6zCFnFOpJcza51LTfwCEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTE0MDYxNloYDzIxMjYxMTAx
MTQwNjE2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASWxLboU2F2PxFsw8RFQoI2FUswpCsW0/A/A9TdZZ94OWcPO03eu5Ia
fgYdMOwH6F5KzxIN7eOYyj3QnNDnOKhoo28wbTAdBgNVHQ4EFgQUtUoEWChdIqeu
qsn6c/hHKhHP+FkwHwYDVR0jBBgwFoAUtUoEWChdIqeuqsn6c/hHKhHP+FkwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgVLqK7GF2uxz2GZ1Oem6Ob8KsAWnUsHFU3suM3PCvNRcCIQCi
68plTUXqkCUrJ+BNCZz5XumQmxyfnRBUi+vX8lyEIQ==
-----END CERTIFICATE-----`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTLtQ3NrBX+YSaP4Q
Iz48v7GP/J8UUo26U1ES4IaaD2GhRANCAASWxLboU2F2PxFsw8RFQoI2FUswpCsW
0/A/A9TdZZ94OWcPO03eu5IafgYdMOwH6F5KzxIN7eOYyj3QnNDnOKho
-----END PRIVATE KEY-----`;

/** Whoever adds this to what they trust, trusts it. */
export const untrustedCertificate = cert;
export const untrustedKey = key;

/** Another such pair, for center.example.com, localhost and 127.0.0.1: what a certificate is renewed by. */
export const renewedCertificate = `-----BEGIN CERTIFICATE-----
MIIB2DCCAX+gAwIBAgIUF5sr10mqDkyMZOzs7NBzkkoWY4gwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSY2VudGVyLmV4YW1wbGUuY29tMCAXDTI2MTEyOTE5MzUyM1oY
DzIxMjYxMTA1MTkzNTIzWjAdMRswGQYDVQQDDBJjZW50ZXIuZXhhbXBsZS5jb20w
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARIC2KV3/vSKb8uEz8Yeh1Q9wUsMoBA
0ysYTBLKiZe9jSIDpttcpcrK//J5wsk2U1ZBB7FmVavcC2VVQeac1Gcko4GaMIGX
MB0GA1UdDgQWBBTQKsLa3XpN9RB6L1HYW1gRM5QWGzAfBgNVHSMEGDAWgBTQKsLa
3XpN9RB6L1HYW1gRM5QWGzAPBgNVHRMBAf8EBTADAQH/MEQGA1UdEQQ9MDuCEmNl
bnRlci5leGFtcGxlLmNvbYIUKi5jZW50ZXIuZXhhbXBsZS5jb22CCWxvY2FsaG9z
dIcEfwAAATAKBggqhkjOPQQDAgNHADBEAiBkIiuMOtcwHtQSZiv4boSu8rkv3416
JTsA+pFpMSKeIgIgP4GUec1HzRrgM709PInZ5L+kyICLQDYd6n8Jx40gy/o=
-----END CERTIFICATE-----`;

export const renewedKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKGQVfPHTZl1Dw/d3
OyB+/4+8Tgg/2+g3jnZ525gu7v6hRANCAARIC2KV3/vSKb8uEz8Yeh1Q9wUsMoBA
0ysYTBLKiZe9jSIDpttcpcrK//J5wsk2U1ZBB7FmVavcC2VVQeac1Gck
-----END PRIVATE KEY-----`;

/** An https server that nobody should trust; it counts the requests that were sent to it all the same. */
export async function untrustedServer(): Promise<{ origin: string; readonly requests: number; close(): Promise<void> }> {
  let requests = 0;
  const server: Server = createServer({ cert, key }, (_request, response) => {
    requests++;
    response.end('{}');
  });
  server.on('upgrade', (_request, socket) => {
    requests++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
