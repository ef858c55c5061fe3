import { beforeEach, describe, expect, it } from 'vitest';
import { Admission, type Guest } from '../../../../../../center/switch/embedded/sip/admission.ts';

class FakeGuest implements Guest {
  readonly users = new Set<string>();
  readonly address: string;
  refusal: string | null = null;
  constructor(address: string) {
    this.address = address;
  }
  refuse(why: string): void {
    this.refusal = why;
  }
}

describe('admission of SIP sockets', () => {
  let at: number;
  let admission: Admission;
  beforeEach(() => {
    at = 0;
    admission = new Admission(() => at);
  });

  function enter(address: string): FakeGuest {
    const guest = new FakeGuest(address);
    admission.entered(guest);
    return guest;
  }

  /** Enters, sends what a phone sends to register, and proves the password. */
  function desk(address: string, user: string): boolean {
    if (!admission.mayEnter(address)) return false;
    const guest = enter(address);
    if (!admission.spend(guest, 4)) return false;
    guest.users.add(user);
    admission.proved(guest, user, 4);
    return guest.refusal === null;
  }

  it('costs an office of 300 desks behind one address nothing, though all come back three times in a moment', () => {
    for (let round = 0; round < 3; round++) for (let i = 0; i < 300; i++) expect(desk('203.0.113.7', `${round} ${i}`)).toBe(true);
  });

  it('lets strangers at one address send what their budget allows, and those at others all the same', () => {
    let entered = 0;
    while (entered < 5000 && admission.mayEnter('203.0.113.7')) entered++;
    expect(entered).toBe(1000);
    expect(admission.mayEnter('203.0.113.8')).toBe(true);
    at += 1000;
    expect(admission.mayEnter('203.0.113.7')).toBe(true);
  });

  it('makes the oldest strangers of the address with the most go, and nobody else', () => {
    const quiet = enter('203.0.113.1');
    const hoard = Array.from({ length: 600 }, () => enter('203.0.113.7'));
    expect(hoard.filter(({ refusal }) => refusal !== null)).toEqual(hoard.slice(0, 100));
    for (let i = 0; i < 600; i++) enter('203.0.113.8');
    expect(quiet.refusal).toBeNull();
  });

  it('gives a user ten sockets; the oldest goes for another', () => {
    const sockets = Array.from({ length: 11 }, () => enter('203.0.113.7'));
    for (const socket of sockets) {
      socket.users.add('1001');
      admission.proved(socket, '1001', 0);
    }
    expect(sockets.map(({ refusal }) => refusal === null)).toEqual([false, ...Array.from({ length: 10 }, () => true)]);
  });

  it('failure: one user has the budget of one phone, over however many sockets they come, and come back', () => {
    const first = enter('203.0.113.7');
    expect(admission.proved(first, '1001', 0).take(1500)).toBe(true);
    admission.left(first);
    const second = admission.proved(enter('203.0.113.8'), '1001', 0);
    expect([second.take(600), second.take(400)]).toEqual([false, true]);
    expect(admission.proved(enter('203.0.113.8'), '1002', 0).take(1500)).toBe(true);
    at += 1000;
    expect([second.take(200), second.take(200)]).toEqual([true, false]);
  });

  it('failure: keeps within its bounds when more addresses come than it can tell apart', () => {
    for (let i = 0; i < 12_000; i++) admission.mayEnter(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    const guest = enter('192.0.2.1');
    expect(admission.spend(guest, 1)).toBe(false);
    at += 120_000;
    expect(admission.mayEnter('192.0.2.2')).toBe(true);
    expect(admission.spend(enter('192.0.2.2'), 1)).toBe(true);
    admission.left(guest);
  });
});
