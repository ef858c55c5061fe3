import type { EndReason, LineProblem, LineState, PhoneState } from './phone-state.ts';

export interface Messages {
  language: 'ko' | 'en';
  title: string;
  customer: string;
  number: string;
  register: string;
  unregister: string;
  call: string;
  answer: string;
  hangUp: string;
  decline: string;
  hold: string;
  resume: string;
  keypad: string;
  erase: string;
  off: string;
  registering: string;
  ready: string;
  line: Record<LineProblem, string>;
  dialling: string;
  ringing: string;
  incoming: string;
  talking: string;
  held: string;
  ends: Record<EndReason, string>;
}

const en: Messages = {
  language: 'en',
  title: 'Customer phone',
  customer: 'Customer',
  number: 'Number',
  register: 'Turn on',
  unregister: 'Turn off',
  call: 'Call',
  answer: 'Answer',
  hangUp: 'Hang up',
  decline: 'Decline',
  hold: 'Hold',
  resume: 'Resume',
  keypad: 'Keypad',
  erase: 'Erase',
  off: 'The phone is off',
  registering: 'Registering…',
  ready: 'Ready to call',
  line: { refused: 'The switch refused this phone', unreachable: 'The switch cannot be reached; trying again' },
  dialling: 'Calling…',
  ringing: 'It rings…',
  incoming: 'Incoming call',
  talking: 'In a call',
  held: 'On hold',
  ends: {
    ended: 'Call ended',
    cancelled: 'Call cancelled',
    busy: 'Busy',
    declined: 'Declined',
    noAnswer: 'No answer',
    unknownNumber: 'No such number',
    refused: 'The switch refused the call',
    failed: 'The call failed',
    microphoneDenied: 'The microphone is blocked: allow it for this page',
    microphoneMissing: 'No microphone found',
    networkLost: 'Connection lost',
  },
};

const ko: Messages = {
  language: 'ko',
  title: '고객 전화기',
  customer: '고객',
  number: '전화번호',
  register: '전원 켜기',
  unregister: '전원 끄기',
  call: '전화 걸기',
  answer: '받기',
  hangUp: '끊기',
  decline: '거절',
  hold: '보류',
  resume: '보류 해제',
  keypad: '키패드',
  erase: '지우기',
  off: '전화기가 꺼져 있습니다',
  registering: '등록 중…',
  ready: '전화를 걸 수 있습니다',
  line: { refused: '교환기가 이 전화기를 거부했습니다', unreachable: '교환기에 연결할 수 없어 다시 시도합니다' },
  dialling: '거는 중…',
  ringing: '신호가 갑니다…',
  incoming: '전화가 왔습니다',
  talking: '통화 중',
  held: '보류 중',
  ends: {
    ended: '통화가 끝났습니다',
    cancelled: '취소했습니다',
    busy: '상대방이 통화 중입니다',
    declined: '상대방이 거절했습니다',
    noAnswer: '응답이 없습니다',
    unknownNumber: '없는 번호입니다',
    refused: '교환기가 통화를 거부했습니다',
    failed: '통화에 실패했습니다',
    microphoneDenied: '마이크가 차단되어 있습니다. 이 페이지에 허용해 주십시오',
    microphoneMissing: '마이크를 찾을 수 없습니다',
    networkLost: '연결이 끊어졌습니다',
  },
};

/** Korean for a Korean browser, English for all others. */
export const messagesFor = (language: string): Messages => (language.toLowerCase().startsWith('ko') ? ko : en);

/** The one line that says what the phone is doing. */
export function statusText(messages: Messages, { line, call }: PhoneState): string {
  switch (call.kind) {
    case 'dialling':
      return call.ringing ? messages.ringing : messages.dialling;
    case 'ringing':
      return messages.incoming;
    case 'talking':
      return messages.talking;
    case 'held':
      return messages.held;
    case 'idle':
      return call.why === null || line.kind !== 'registered' ? lineText(messages, line) : messages.ends[call.why];
  }
}

function lineText(messages: Messages, line: LineState): string {
  switch (line.kind) {
    case 'off':
      return messages.off;
    case 'registering':
      return messages.registering;
    case 'registered':
      return messages.ready;
    case 'failed':
      return messages.line[line.problem];
  }
}
