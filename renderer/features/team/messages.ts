import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    groups: 'Groups', agents: 'Agents', group: 'Group', all: 'All my groups', search: 'Name or extension', name: 'Name', extension: 'Ext.', state: 'State', time: 'Time', inGroups: 'Groups', change: 'Change', changeWho: 'Change the state of {name}', setTo: 'Set {name} to', setToAfter: 'After the call, set {name} to', signOut: 'Sign out',
    pending: '→ {what}', pendingLong: 'Afterwards: {what}', disconnected: 'Disconnected', noPhone: 'No phone', count: '{n} signed in of {total}', waiting: '{n} waiting', ready: '{n} available', turnedAway: '{n} turned away today ({reasons})', directCalls: 'Calls of no group', direct: '{kind}: {n} today, {answered} answered',
    isOpen: 'Open', isClosed: 'Closed', opening: 'Opening of {group}', byHand: { open: 'Open', closed: 'Closed', hours: 'By hours' }, changed: { open: '{group} is open until you change it.', closed: '{group} is closed: callers hear the closing announcement.', hours: '{group} follows its hours again.' }, undo: 'Undo', required: 'Disposition required', requiredOf: 'Disposition required in {group}', requiredOn: '{group}: after-call work ends only with a disposition.', requiredOff: '{group}: a disposition is no longer required.',
    forced: '{name}: {what}', forcedAfter: '{name}: {what} after the call', confirmTitle: 'Set {name} to {what}?', confirmWrapUp: '{name} is still writing up a call. It ends at once and is saved as it is.', confirmSignOut: '{name} is signed out of the desk and the phone.', confirm: 'Set', confirmOut: 'Sign out',
    none: 'Nobody found', noneText: 'Search by a part of the name or by extension.', empty: 'No agents in your groups', emptyText: 'An administrator adds members to the groups you are in charge of.', noGroups: 'You are in charge of no group.',
    listen: 'Listen', listenTo: 'Listen to the call of {name}',
    supervision: {
      label: 'The call you supervise', modes: 'Who hears you', stop: 'Stop', calling: 'Connecting you to the call of {name}…',
      doing: { listen: 'Listening to {name}. Nobody hears you.', whisper: 'Whispering: only {name} hears you.', barge: 'In the call of {name}: both hear you.' },
      mode: { listen: 'Listen', whisper: 'Whisper', barge: 'Join' },
      hint: { listen: 'Nobody hears you', whisper: 'Only the agent hears you', barge: 'The agent and the customer hear you' },
    },
  },
  {
    groups: '수신 그룹', agents: '상담원', group: '그룹', all: '담당 그룹 전체', search: '이름, 초성 또는 내선', name: '이름', extension: '내선', state: '상태', time: '유지 시간', inGroups: '그룹', change: '상태 변경', changeWho: '{name} 상태 변경', setTo: '{name} 상태를 다음으로', setToAfter: '통화가 끝나면 {name} 상태를 다음으로', signOut: '로그아웃',
    pending: '→ {what}', pendingLong: '다음 상태: {what}', disconnected: '연결 끊김', noPhone: '전화기 없음', count: '{total}명 중 {n}명 로그인', waiting: '대기 고객 {n}명', ready: '대기 중 상담원 {n}명', turnedAway: '오늘 연결 불가 {n}건 ({reasons})', directCalls: '그룹 외 통화', direct: '{kind}: 오늘 {n}건, 응답 {answered}건',
    isOpen: '운영 중', isClosed: '운영 종료', opening: '{group} 운영', byHand: { open: '열기', closed: '닫기', hours: '운영 시간대로' }, changed: { open: '{group} 그룹을 열었습니다. 다시 바꿀 때까지 유지됩니다.', closed: '{group} 그룹을 닫았습니다. 고객은 종료 안내를 듣습니다.', hours: '{group} 그룹은 다시 운영 시간을 따릅니다.' }, undo: '되돌리기', required: '상담 유형 필수', requiredOf: '{group} 상담 유형 필수', requiredOn: '{group} 그룹은 상담 유형을 선택해야 후처리가 끝납니다.', requiredOff: '{group} 그룹은 상담 유형이 필수가 아닙니다.',
    forced: '{name}: {what}', forcedAfter: '{name}: 통화 후 {what}', confirmTitle: '{name} 상태를 {what}(으)로 바꿀까요?', confirmWrapUp: '{name} 님은 후처리 중입니다. 지금 끝나며 입력한 데까지만 저장됩니다.', confirmSignOut: '{name} 님이 상담 화면과 전화기에서 로그아웃됩니다.', confirm: '변경', confirmOut: '로그아웃',
    none: '찾는 사람이 없습니다', noneText: '이름 일부, 초성 또는 내선으로 찾아보세요.', empty: '담당 그룹에 상담원이 없습니다', emptyText: '시스템 관리자가 담당 그룹에 상담원을 배정하면 나타납니다.', noGroups: '담당하는 그룹이 없습니다.',
    listen: '청취', listenTo: '{name} 통화 청취',
    supervision: {
      label: '관리 중인 통화', modes: '내 말을 듣는 사람', stop: '종료', calling: '{name} 님의 통화에 연결하는 중…',
      doing: { listen: '{name} 님의 통화 청취 중 · 내 말은 들리지 않습니다', whisper: '{name} 님 코칭 중 · 상담원에게만 들립니다', barge: '{name} 님의 통화에 참여 중 · 모두에게 들립니다' },
      mode: { listen: '청취', whisper: '코칭', barge: '참여' },
      hint: { listen: '내 말이 아무에게도 들리지 않습니다', whisper: '상담원에게만 들립니다', barge: '상담원과 고객 모두에게 들립니다' },
    },
  },
);
