import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    first: { title: 'Welcome to Sangdam', intro: 'Which center do you work for?', invitation: 'If you were sent an invitation link, opening it fills this in.', connect: 'Connect', checking: 'Looking for the center…' },
    server: {
      label: 'Center address', hint: 'For example center.example.com', invalid: 'This is not an address. Write it as center.example.com or https://center.example.com',
      at: 'Center: {host}', change: 'Change center', back: 'Keep the present one', signOut: 'You will be signed out here.',
    },
    network: {
      title: 'Network', more: 'Network settings', proxy: 'Proxy', system: 'As the system', none: 'None', manual: 'This one', url: 'Proxy address', urlHint: 'http://proxy.example.com:3128', urlInvalid: 'This is not the address of a proxy, such as http://proxy.example.com:3128',
      certificate: 'Certificate authority', certificateHint: "Your company's own authority, as a PEM file, trusted beside the system's.", choose: 'Choose file…', remove: 'Remove',
    },
    ask: {
      dialTitle: 'Call this number?', dialLink: 'A link asks to call it.', dialClipboard: 'It is on the clipboard.', call: 'Call',
      joinTitle: 'Work for this center?', join: 'A link invites this desk to another center. Go on only if you expect this from your company.', go: 'Go to this center',
      refusedTitle: 'Nothing was done', close: 'Close',
    },
    problem: {
      secretsInMemory: 'This computer has no safe place for secrets: nothing is kept on it, and customers are fetched anew at each start.',
      settingsCorrupt: 'The settings could not be read, so the defaults are in force. The old file was kept as {file}.', settingsNewer: 'The settings are of a newer version, so the defaults are in force. The file was kept as {file}.', settingsNotSaved: 'The settings could not be written to the disk.',
      policyInvalid: "Part of your organisation's settings is not understood: {detail}. Tell your IT department.", shortcutTaken: 'Another program has {keys}; {action} does not answer to it.', certificateUnreadable: 'The certificate file {file} cannot be used.', dismiss: 'Dismiss',
    },
    update: { ready: 'Version {version} is ready.', install: 'Restart now', downloading: 'Version {version} is being fetched.', version: 'Version {version}', none: 'Up to date', failed: 'The update server could not be asked.', off: 'Updates come from your organisation.', title: 'This program' },
    desk: {
      title: 'On this computer', autostart: 'Start with the computer', startHidden: 'Start in the tray', startHiddenHint: 'Without a window; a call still rings.', closeToTray: 'Closing the window keeps the desk', closeToTrayHint: 'It stays in the tray and rings.',
      phoneLinks: 'Open telephone links', phoneLinksHint: 'Numbers clicked in other programs are called from here, after asking.', awayOnLock: 'Away when the screen is locked', dockSide: 'Narrow column at the', left: 'Left', right: 'Right', dockOnTop: 'Narrow column above other windows',
    },
    keys: {
      title: 'Keys in every program', hint: 'They work while another program is in front. None is set at first.', answer: 'Answer', hangUp: 'Hang up', mute: 'Mute', dialClipboard: 'Call the number on the clipboard', show: 'Bring the desk forward', media: 'Media keys during calls', mediaHint: 'Play answers and mutes, Stop hangs up.',
      unset: 'Not set', press: 'Press the keys…', clear: 'Remove keys for {action}', change: 'Change keys for {action}', needModifier: 'Together with Ctrl, Alt or Shift',
    },
    wallboard: { title: 'Wallboard', display: 'Wallboard on', other: 'Another display', primary: 'main display', open: 'Open', close: 'Close', fullScreen: 'Full screen', kiosk: 'Wall display', kioskHint: 'This computer shows the wallboard and nothing else, from the next start on.' },
    transfer: { title: 'Settings file', hint: 'For another computer, or to keep. It holds no passwords.', export: 'Save to file…', import: 'Load from file…', exported: 'Saved to {file}', imported: 'The settings were loaded.' },
    managed: 'Set by your organisation',
  },
  {
    first: { title: '상담에 오신 것을 환영합니다', intro: '어느 센터에서 일하시나요?', invitation: '초대 링크를 받았다면 링크를 열면 자동으로 입력됩니다.', connect: '연결', checking: '센터를 찾는 중…' },
    server: {
      label: '센터 주소', hint: '예: center.example.com', invalid: '주소가 아닙니다. center.example.com 또는 https://center.example.com 처럼 입력하세요.',
      at: '센터: {host}', change: '센터 바꾸기', back: '지금 센터 그대로', signOut: '이 자리에서 로그아웃됩니다.',
    },
    network: {
      title: '네트워크', more: '네트워크 설정', proxy: '프록시', system: '시스템 설정 따름', none: '없음', manual: '직접 입력', url: '프록시 주소', urlHint: 'http://proxy.example.com:3128', urlInvalid: '프록시 주소가 아닙니다. 예: http://proxy.example.com:3128',
      certificate: '인증 기관', certificateHint: '회사 자체 인증 기관의 PEM 파일입니다. 시스템 인증 기관과 함께 신뢰합니다.', choose: '파일 선택…', remove: '제거',
    },
    ask: {
      dialTitle: '이 번호로 전화할까요?', dialLink: '링크가 전화를 요청했습니다.', dialClipboard: '클립보드에 있는 번호입니다.', call: '전화 걸기',
      joinTitle: '이 센터로 옮길까요?', join: '링크가 이 자리를 다른 센터로 초대합니다. 회사에서 보낸 것이 확실할 때만 계속하세요.', go: '이 센터로 옮기기',
      refusedTitle: '아무것도 하지 않았습니다', close: '닫기',
    },
    problem: {
      secretsInMemory: '이 컴퓨터에는 비밀 정보를 안전하게 둘 곳이 없어 아무것도 저장하지 않습니다. 고객 정보는 시작할 때마다 새로 받습니다.',
      settingsCorrupt: '설정을 읽을 수 없어 기본값을 씁니다. 이전 파일은 {file}에 남겨 두었습니다.', settingsNewer: '더 새로운 버전의 설정이라 기본값을 씁니다. 파일은 {file}에 남겨 두었습니다.', settingsNotSaved: '설정을 디스크에 저장하지 못했습니다.',
      policyInvalid: '조직 설정 중 알 수 없는 항목이 있습니다: {detail}. 전산 담당자에게 알려 주세요.', shortcutTaken: '{keys} 키를 다른 프로그램이 쓰고 있어 {action} 단축키가 동작하지 않습니다.', certificateUnreadable: '인증서 파일 {file}을(를) 쓸 수 없습니다.', dismiss: '닫기',
    },
    update: { ready: '버전 {version}이 준비되었습니다.', install: '지금 다시 시작', downloading: '버전 {version}을 받는 중입니다.', version: '버전 {version}', none: '최신 버전입니다', failed: '업데이트 서버에 연결하지 못했습니다.', off: '업데이트는 조직에서 배포합니다.', title: '프로그램' },
    desk: {
      title: '이 컴퓨터에서', autostart: '컴퓨터를 켜면 시작', startHidden: '트레이에서 시작', startHiddenHint: '창 없이 시작해도 벨은 울립니다.', closeToTray: '창을 닫아도 계속 실행', closeToTrayHint: '트레이에 남아 벨이 울립니다.',
      phoneLinks: '전화 링크 열기', phoneLinksHint: '다른 프로그램에서 누른 번호를 확인 후 여기서 겁니다.', awayOnLock: '화면을 잠그면 이석', dockSide: '좁은 화면 위치', left: '왼쪽', right: '오른쪽', dockOnTop: '좁은 화면을 항상 위에',
    },
    keys: {
      title: '모든 프로그램에서 쓰는 단축키', hint: '다른 프로그램을 쓰는 중에도 동작합니다. 처음에는 모두 비어 있습니다.', answer: '받기', hangUp: '끊기', mute: '음소거', dialClipboard: '클립보드 번호로 전화', show: '상담 화면 앞으로', media: '통화 중 미디어 키', mediaHint: '재생 키로 받기와 음소거, 정지 키로 끊기.',
      unset: '없음', press: '키를 누르세요…', clear: '{action} 단축키 제거', change: '{action} 단축키 변경', needModifier: 'Ctrl, Alt, Shift와 함께 누르세요',
    },
    wallboard: { title: '전광판', display: '전광판 화면', other: '다른 화면', primary: '주 화면', open: '열기', close: '닫기', fullScreen: '전체 화면', kiosk: '벽걸이 화면', kioskHint: '다음 시작부터 이 컴퓨터는 전광판만 보여 줍니다.' },
    transfer: { title: '설정 파일', hint: '다른 컴퓨터로 옮기거나 보관합니다. 비밀번호는 들어 있지 않습니다.', export: '파일로 저장…', import: '파일에서 불러오기…', exported: '{file}에 저장했습니다', imported: '설정을 불러왔습니다.' },
    managed: '조직에서 정함',
  },
);
