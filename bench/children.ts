import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/* Questions to the processes of a benchmark, by message. */

export async function ask<Answer>(child: ChildProcess, question: object | string): Promise<Answer> {
  const answered = answer<Answer>(child);
  child.send(question);
  return answered;
}

/** The next message of a child; an error when it says `failed`, or ends instead. */
export async function answer<Answer>(child: ChildProcess): Promise<Answer> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a process of the benchmark ended early');
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    if (typeof message === 'object' && message !== null && 'failed' in message) throw new Error(String(message.failed));
    return message;
  } finally {
    ended.catch(() => {});
    settled.abort();
  }
}

/** Lets children that end with their parent's channel go, and waits until they have. */
export async function end(...children: ChildProcess[]): Promise<void> {
  for (const child of children) if (child.connected) child.disconnect();
  await Promise.all(children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => once(child, 'exit')));
}
