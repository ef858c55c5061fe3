import { defineMessages } from './define-messages.ts';

/** The shell's texts, and the words every screen uses. */
export const messages = defineMessages(
  {
    name: 'Sangdam',
    rail: { label: 'Screens', desk: 'Desk', customers: 'Customers', history: 'History', directory: 'Directory', wallboard: 'Wallboard', team: 'Team', settings: 'Settings' },
    role: { agent: 'Agent', supervisor: 'Supervisor', admin: 'Administrator' },
    state: { READY: 'Ready', NOT_READY: 'Away', RESERVED: 'Ringing', TALKING: 'On a call', AFTER_CALL: 'After call', LOGGED_OUT: 'Signed out' },
    reason: { break: 'Break', meal: 'Meal', meeting: 'Meeting', training: 'Training', other: 'Other', login: 'Just signed in', rona: 'Missed an offer', rejected: 'Rejected an offer', disconnected: 'Disconnected', forced: 'Set by supervisor' },
    kind: { inbound: 'Inbound', outbound: 'Outbound', internal: 'Internal' },
    outcome: {
      answered: 'Answered', abandonedInFlow: 'Hung up in the menu', abandonedWaiting: 'Gave up waiting', abandonedRinging: 'Gave up while ringing', closed: 'Closed', noAgents: 'Nobody on duty', queueFull: 'Queue full',
      busy: 'Busy', noAnswer: 'No answer', rejected: 'Rejected', unknownNumber: 'Unknown number', networkLost: 'Network lost', failed: 'Failed',
    },
    control: {
      label: 'My state', ready: 'Ready', away: 'Away', afterCall: 'After call', awayMenu: 'Reasons for away', pending: 'Afterwards: {what}', signOut: 'Sign out', signOutNow: 'Signing out', cancelPending: 'Keep as it was',
    },
    bar: { extension: 'Ext. {extension}', account: 'My account', notifications: 'Notifications', noNotifications: 'Nothing has happened yet', palette: 'Search and commands', shortcuts: 'Keyboard shortcuts', skip: 'Skip to content' },
    health: {
      label: 'Connections', allWell: 'All connections work', trouble: 'Something needs attention',
      phone: 'Phone', cti: 'Center', microphone: 'Microphone', switch: 'Switch', cache: 'Customer data',
      registered: 'Registered', registering: 'Registering…', phoneLost: 'Not registered',
      connected: 'Connected', connecting: 'Connecting…', lost: 'Connection lost',
      micOk: 'Works', micUnknown: 'Not checked yet', micDenied: 'The browser refuses it', micMissing: 'None found',
      available: 'Works', unavailable: 'Down', cacheReady: 'Ready, encrypted', cacheMemory: 'Ready, in memory only', cacheSyncing: 'Fetching, {n} to go', cacheUnavailable: 'Not available',
    },
    banner: {
      waiting: 'The center does not answer yet. Trying again…',
      reconnecting: 'The connection is lost. Reconnecting… Calls in progress go on.', ctiLost: 'No connection to the center. Reconnecting… Calls in progress go on.', switchDown: 'The telephone switch is down. No calls until it is back.',
      rona: 'You missed a call and get no more until you are ready.', rejected: 'You rejected a call and get no more until you are ready.', disconnected: 'You were disconnected and get no more calls until you are ready.', backToReady: 'Back to Ready',
      cacheDown: 'Customer data is not available; calls go on.',
    },
    notice: {
      rona: 'You did not answer in time; the caller went back to the queue.', callerGone: 'The call ended before you answered.', customerLeftConsultation: 'The customer has hung up. You are talking with {detail}.', consultFailed: 'The consultation could not be connected: {detail}',
      transferFailed: 'The transfer could not be completed: {detail}', transferCompleted: 'Transferred to {detail}.', callReturned: 'The call came back: {detail}', dialFailed: 'The call could not be connected: {detail}', networkLost: 'A call was lost with the network.',
      forced: 'A supervisor set your state.', stateRepaired: 'Your state was out of step with your phone and was put right.',
      supervisionEnded: 'The call of {detail} is over, and so is your listening.', supervisionFailed: 'You could not be connected to the call of {detail}.',
    },
    palette: { placeholder: 'Go to, choose a state, find a customer, dial…', empty: 'Nothing found', go: 'Go to', state: 'State', dial: 'Call {number}', customers: 'Customers', actions: 'Commands', signOut: 'Sign out', theme: 'Switch light and dark', language: '한국어로 보기', dock: 'Narrow column' },
    shortcuts: { title: 'Keyboard shortcuts', answer: 'Answer', reject: 'Reject', hold: 'Hold, Resume', mute: 'Mute', consult: 'Consult', transfer: 'Transfer, Complete transfer', swap: 'Swap', cancelConsult: 'Back to customer', hangUp: 'Hang up', complete: 'Save & ready', dial: 'Dial', ready: 'Ready', palette: 'Search and commands', help: 'This list' },
    common: { close: 'Close', cancel: 'Cancel', save: 'Save', saved: 'Saved', search: 'Search', loading: 'Loading…', none: 'None', all: 'All', retry: 'Try again', back: 'Back', unknown: 'Unknown', name: 'Name', number: 'Number', company: 'Company', group: 'Group', state: 'State', extension: 'Extension', call: 'Call', callNumber: 'Call {number}', calling: 'Calling {number}…' },
  },
  {
    name: '상담',
    rail: { label: '화면', desk: '상담', customers: '고객', history: '통화 이력', directory: '조직도', wallboard: '전광판', team: '팀 관리', settings: '설정' },
    role: { agent: '상담원', supervisor: '관리자', admin: '시스템 관리자' },
    state: { READY: '대기', NOT_READY: '이석', RESERVED: '호출 중', TALKING: '통화 중', AFTER_CALL: '후처리', LOGGED_OUT: '로그아웃' },
    reason: { break: '휴식', meal: '식사', meeting: '회의', training: '교육', other: '기타', login: '로그인 직후', rona: '미응답', rejected: '수신 거절', disconnected: '연결 끊김', forced: '관리자 지정' },
    kind: { inbound: '수신', outbound: '발신', internal: '내선' },
    outcome: {
      answered: '응답', abandonedInFlow: '메뉴에서 포기', abandonedWaiting: '대기 중 포기', abandonedRinging: '호출 중 포기', closed: '운영 시간 외', noAgents: '근무자 없음', queueFull: '대기열 초과',
      busy: '통화 중', noAnswer: '무응답', rejected: '거절', unknownNumber: '없는 번호', networkLost: '통신 두절', failed: '실패',
    },
    control: { label: '내 상태', ready: '대기', away: '이석', afterCall: '후처리', awayMenu: '이석 사유', pending: '다음 상태: {what}', signOut: '로그아웃', signOutNow: '로그아웃', cancelPending: '원래대로' },
    bar: { extension: '내선 {extension}', account: '내 계정', notifications: '알림', noNotifications: '알림이 없습니다', palette: '검색과 명령', shortcuts: '단축키', skip: '본문으로 건너뛰기' },
    health: {
      label: '연결 상태', allWell: '모든 연결이 정상입니다', trouble: '확인이 필요한 연결이 있습니다',
      phone: '전화기', cti: '센터', microphone: '마이크', switch: '교환기', cache: '고객 정보',
      registered: '등록됨', registering: '등록 중…', phoneLost: '등록되지 않음',
      connected: '연결됨', connecting: '연결 중…', lost: '연결 끊김',
      micOk: '정상', micUnknown: '확인 전', micDenied: '브라우저가 막음', micMissing: '마이크 없음',
      available: '정상', unavailable: '멈춤', cacheReady: '준비됨 (암호화)', cacheMemory: '준비됨 (메모리)', cacheSyncing: '받는 중, {n}건 남음', cacheUnavailable: '사용할 수 없음',
    },
    banner: {
      waiting: '센터가 아직 응답하지 않습니다. 다시 시도하는 중…',
      reconnecting: '연결이 끊겼습니다. 다시 연결하는 중… 진행 중인 통화는 계속됩니다.', ctiLost: '센터와 연결이 끊겼습니다. 다시 연결하는 중… 진행 중인 통화는 계속됩니다.', switchDown: '교환기가 멈췄습니다. 복구될 때까지 통화할 수 없습니다.',
      rona: '전화를 받지 못했습니다. 대기로 바꿀 때까지 전화가 오지 않습니다.', rejected: '전화를 거절했습니다. 대기로 바꿀 때까지 전화가 오지 않습니다.', disconnected: '연결이 끊겼었습니다. 대기로 바꿀 때까지 전화가 오지 않습니다.', backToReady: '다시 대기',
      cacheDown: '고객 정보를 볼 수 없습니다. 통화는 계속할 수 있습니다.',
    },
    notice: {
      rona: '제때 받지 않아 고객이 대기열로 돌아갔습니다.', callerGone: '받기 전에 전화가 끊어졌습니다.', customerLeftConsultation: '고객이 전화를 끊었습니다. {detail} 님과 통화 중입니다.', consultFailed: '협의통화가 연결되지 않았습니다: {detail}',
      transferFailed: '돌려주기가 되지 않았습니다: {detail}', transferCompleted: '{detail} 님에게 돌려주었습니다.', callReturned: '통화가 되돌아왔습니다: {detail}', dialFailed: '전화가 연결되지 않았습니다: {detail}', networkLost: '통신 두절로 통화가 끊겼습니다.',
      forced: '관리자가 상태를 바꾸었습니다.', stateRepaired: '상태가 전화기와 맞지 않아 바로잡았습니다.',
      supervisionEnded: '{detail} 님의 통화가 끝나 청취도 끝났습니다.', supervisionFailed: '{detail} 님의 통화에 연결하지 못했습니다.',
    },
    palette: { placeholder: '화면 이동, 상태 변경, 고객 검색, 전화 걸기…', empty: '결과가 없습니다', go: '이동', state: '상태', dial: '{number} 전화 걸기', customers: '고객', actions: '명령', signOut: '로그아웃', theme: '밝게/어둡게 전환', language: 'Show in English', dock: '좁은 화면' },
    shortcuts: { title: '단축키', answer: '받기', reject: '거절', hold: '보류, 보류 해제', mute: '음소거', consult: '협의통화', transfer: '돌려주기', swap: '통화 전환', cancelConsult: '고객에게 돌아가기', hangUp: '끊기', complete: '저장 후 대기', dial: '전화 걸기', ready: '대기', palette: '검색과 명령', help: '이 목록' },
    common: { close: '닫기', cancel: '취소', save: '저장', saved: '저장했습니다', search: '검색', loading: '불러오는 중…', none: '없음', all: '전체', retry: '다시 시도', back: '뒤로', unknown: '알 수 없음', name: '이름', number: '번호', company: '회사', group: '수신 그룹', state: '상태', extension: '내선', call: '전화 걸기', callNumber: '{number} 전화 걸기', calling: '{number} 거는 중…' },
  },
);
