import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    diagnostics: 'Help', diagnosticsSave: 'Save a diagnostic bundle', diagnosticsHint: 'A readable file for your IT department: versions, connections and the log. It holds no names, numbers or passwords.', diagnosticsButton: 'Save', diagnosticsSaved: 'Saved: {file}',
    title: 'Settings', saved: 'Every change applies at once.', system: 'As the system', percent: '{n}%',
    display: 'Display', language: 'Language', theme: 'Theme', light: 'Light', dark: 'Dark', dock: 'Narrow column', dockHint: 'Keeps the desk 400 px wide beside other programs.',
    sound: 'Sound', microphone: 'Microphone', speaker: 'Speaker',
    ringing: 'Incoming calls', ringer: 'Rings on', ringerHint: 'Loudspeakers ring while the headset lies on the desk.', volume: 'Ring volume', silent: 'It does not ring.', notifications: 'Desktop notifications',
  },
  {
    diagnostics: '도움', diagnosticsSave: '진단 파일 저장', diagnosticsHint: '전산 담당자에게 보낼 파일입니다. 버전, 연결 상태, 기록만 담기며 이름, 전화번호, 비밀번호는 들어가지 않습니다.', diagnosticsButton: '저장', diagnosticsSaved: '저장했습니다: {file}',
    title: '설정', saved: '바꾸면 바로 적용됩니다.', system: '시스템 설정 따름', percent: '{n}%',
    display: '화면', language: '언어', theme: '테마', light: '밝게', dark: '어둡게', dock: '좁은 화면', dockHint: '다른 프로그램 옆에 400 px 너비로 둡니다.',
    sound: '소리', microphone: '마이크', speaker: '스피커',
    ringing: '전화 알림', ringer: '벨 장치', ringerHint: '헤드셋을 벗어 두어도 스피커로 벨이 울립니다.', volume: '벨 음량', silent: '벨이 울리지 않습니다.', notifications: '데스크톱 알림',
  },
);
