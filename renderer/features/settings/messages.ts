import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    diagnostics: 'Help', diagnosticsSave: 'Save a diagnostic bundle', diagnosticsHint: 'A readable file for your IT department: versions, connections and the log. It holds no names, numbers or passwords.', diagnosticsButton: 'Save', diagnosticsSaved: 'Saved: {file}',
    door: {
      title: 'Your sign-ins', more: 'Show more', again: 'Try again', web: 'Browser', desktop: 'Desktop',
      'signed-in': 'Signed in', refused: 'Wrong password', 'rate-limited': 'Turned away: too many attempts', 'signed-out': 'Signed out', 'signed-out-everywhere': 'Signed out everywhere',
      'factor-refused': 'Wrong code or passkey', 'recovery-code-used': 'A recovery code was used', 'refresh-replayed': 'Ended: its key was used twice', 'password-changed': 'Password changed', 'password-reset': 'Password reset by an administrator',
      endAll: 'Something here was not you?', endHint: 'Ends every sign-in of yours, this one too. Then ask an administrator for a new password.', end: 'Sign out everywhere', endTitle: 'Sign out everywhere?', endText: 'You sign in again afterwards. A call at hand goes on until it is over.', keep: 'Stay signed in',
    },
    title: 'Settings', saved: 'Every change applies at once.', system: 'As the system', percent: '{n}%',
    display: 'Display', language: 'Language', theme: 'Theme', light: 'Light', dark: 'Dark', dock: 'Narrow column', dockHint: 'Keeps the desk 400 px wide beside other programs.',
    sound: 'Sound', microphone: 'Microphone', speaker: 'Speaker',
    ringing: 'Incoming calls', ringer: 'Rings on', ringerHint: 'Loudspeakers ring while the headset lies on the desk.', volume: 'Ring volume', silent: 'It does not ring.', notifications: 'Desktop notifications',
  },
  {
    diagnostics: '도움', diagnosticsSave: '진단 파일 저장', diagnosticsHint: '전산 담당자에게 보낼 파일입니다. 버전, 연결 상태, 기록만 담기며 이름, 전화번호, 비밀번호는 들어가지 않습니다.', diagnosticsButton: '저장', diagnosticsSaved: '저장했습니다: {file}',
    door: {
      title: '내 로그인 기록', more: '더 보기', again: '다시 시도', web: '브라우저', desktop: '데스크톱',
      'signed-in': '로그인', refused: '비밀번호 틀림', 'rate-limited': '시도가 너무 많아 거절됨', 'signed-out': '로그아웃', 'signed-out-everywhere': '모든 곳에서 로그아웃',
      'factor-refused': '인증 코드 또는 패스키 틀림', 'recovery-code-used': '복구 코드 사용', 'refresh-replayed': '종료됨: 로그인 키가 두 번 사용됨', 'password-changed': '비밀번호 변경', 'password-reset': '관리자가 비밀번호 재설정',
      endAll: '내가 하지 않은 것이 있나요?', endHint: '지금 로그인을 포함해 모든 로그인을 끝냅니다. 그다음 관리자에게 새 비밀번호를 요청하세요.', end: '모든 곳에서 로그아웃', endTitle: '모든 곳에서 로그아웃할까요?', endText: '다시 로그인해야 합니다. 진행 중인 통화는 끝날 때까지 이어집니다.', keep: '로그인 유지',
    },
    title: '설정', saved: '바꾸면 바로 적용됩니다.', system: '시스템 설정 따름', percent: '{n}%',
    display: '화면', language: '언어', theme: '테마', light: '밝게', dark: '어둡게', dock: '좁은 화면', dockHint: '다른 프로그램 옆에 400 px 너비로 둡니다.',
    sound: '소리', microphone: '마이크', speaker: '스피커',
    ringing: '전화 알림', ringer: '벨 장치', ringerHint: '헤드셋을 벗어 두어도 스피커로 벨이 울립니다.', volume: '벨 음량', silent: '벨이 울리지 않습니다.', notifications: '데스크톱 알림',
  },
);
