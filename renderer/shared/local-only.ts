/** Whether an address is this machine's alone: what is sent to others with it leads them nowhere. */
export function isLocalOnly(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
