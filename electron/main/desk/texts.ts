export type Language = 'ko' | 'en';

/** Korean where the system prefers it over English. */
export function systemLanguage(preferred: readonly string[]): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'ko' || tag === 'en');
  return known === 'ko' ? 'ko' : 'en';
}

const en = {
  name: 'Sangdam', signedOut: 'Signed out', noPhone: 'No telephone', ready: 'Ready', away: 'Away', afterCall: 'After call', talking: 'On a call', ringing: 'Ringing', afterwards: 'then {what}',
  signOut: 'Sign out',
  login: 'Just signed in', rona: 'Missed a call', rejected: 'Rejected a call', disconnected: 'Disconnected', forced: 'Set by supervisor',
  answer: 'Answer', reject: 'Reject', mute: 'Mute', hangUp: 'Hang up', dialClipboard: 'Dial number from clipboard…', show: 'Open desk', dock: 'Narrow column', openWallboard: 'Open wallboard', closeWallboard: 'Close wallboard',
  installUpdate: 'Restart to update', quit: 'Quit', incoming: 'Incoming call', unknownCaller: 'Unknown caller', withheld: 'Number withheld', waited: 'waited {time}', direct: 'for you',
  chooseCertificate: 'Choose a certificate authority', certificates: 'Certificates', exportSettings: 'Save settings', importSettings: 'Load settings', settingsFile: 'Settings of Sangdam',
};

const ko: typeof en = {
  name: '상담', signedOut: '로그아웃 상태', noPhone: '전화 없음', ready: '대기', away: '이석', afterCall: '후처리', talking: '통화 중', ringing: '호출 중', afterwards: '다음: {what}',
  signOut: '로그아웃',
  login: '로그인 직후', rona: '미응답', rejected: '수신 거절', disconnected: '연결 끊김', forced: '관리자 지정',
  answer: '받기', reject: '거절', mute: '음소거', hangUp: '끊기', dialClipboard: '클립보드 번호로 전화 걸기…', show: '상담 화면 열기', dock: '좁은 화면', openWallboard: '전광판 열기', closeWallboard: '전광판 닫기',
  installUpdate: '다시 시작하여 업데이트', quit: '종료', incoming: '전화가 왔습니다', unknownCaller: '모르는 번호', withheld: '발신번호 표시제한', waited: '{time} 대기', direct: '나에게 온 전화',
  chooseCertificate: '인증 기관 선택', certificates: '인증서', exportSettings: '설정 저장', importSettings: '설정 불러오기', settingsFile: '상담 설정',
};

export type TextKey = keyof typeof en;

/** A text of the system's own surfaces (tray, notifications, file dialogs); pages have their own. */
export function text(language: Language, key: TextKey, values: Readonly<Record<string, string>> = {}): string {
  const template = (language === 'ko' ? ko : en)[key];
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
