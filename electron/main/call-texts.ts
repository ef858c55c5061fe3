import type { Language } from './desk/texts.ts';

/** A question of the system's own dialog: the button that changes nothing comes first. */
export interface Question {
  message: string;
  stay: string;
  leave: string;
}

type Subject = 'quit' | 'close' | 'quitReady' | 'closeReady' | 'crashes';

const en: Record<Subject, Question> = {
  quit: { message: 'You are on a call. Quitting hangs up.', stay: 'Keep talking', leave: 'Hang up and quit' },
  close: { message: 'You are on a call. Closing the window hangs up and ends the program.', stay: 'Keep talking', leave: 'Hang up and quit' },
  quitReady: { message: 'You are Ready. After quitting you get no calls.', stay: 'Stay', leave: 'Quit' },
  closeReady: { message: 'You are Ready. Closing the window ends the program, and you get no calls.', stay: 'Stay', leave: 'Quit' },
  crashes: { message: 'The screen keeps failing. A call that is going on is not affected.', stay: 'Try again', leave: 'Quit' },
};

const ko: Record<Subject, Question> = {
  quit: { message: '통화 중입니다. 종료하면 전화가 끊깁니다.', stay: '계속 통화', leave: '끊고 종료' },
  close: { message: '통화 중입니다. 창을 닫으면 전화가 끊기고 프로그램이 종료됩니다.', stay: '계속 통화', leave: '끊고 종료' },
  quitReady: { message: '대기 중입니다. 종료하면 전화를 받을 수 없습니다.', stay: '계속 대기', leave: '종료' },
  closeReady: { message: '대기 중입니다. 창을 닫으면 프로그램이 종료되어 전화를 받을 수 없습니다.', stay: '계속 대기', leave: '종료' },
  crashes: { message: '화면에 문제가 계속 생깁니다. 진행 중인 통화는 끊기지 않았습니다.', stay: '다시 시도', leave: '종료' },
};

/** What is asked before a call would be lost, or the next one missed. */
export const callText = (language: Language, subject: Subject): Question => (language === 'ko' ? ko : en)[subject];
