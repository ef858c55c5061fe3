import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    search: 'Name or extension', readyOnly: 'Available only', chart: 'Organisation chart', noGroup: 'In no group', closed: 'Closed', count: '{ready} of {n} available', agents: '{n} people', call: 'Call', callWho: 'Call {name}', state: 'State', time: 'Time', name: 'Name', extension: 'Ext.',
    reason: { self: 'This is you', signedOut: 'Signed out', disconnected: 'Disconnected', noPhone: 'No phone registered' }, disconnectedNow: 'Disconnected', stale: 'No connection to the center: states may be out of date.',
    none: 'Nobody found', noneText: 'Search by a part of the name, by first consonants or by extension.', empty: 'Nobody here yet', emptyText: 'Agents appear here when an administrator adds them.',
  },
  {
    search: '이름, 초성 또는 내선', readyOnly: '대기 중만', chart: '조직도', noGroup: '소속 그룹 없음', closed: '운영 종료', count: '{n}명 중 {ready}명 대기', agents: '{n}명', call: '전화 걸기', callWho: '{name} 전화 걸기', state: '상태', time: '시간', name: '이름', extension: '내선',
    reason: { self: '본인', signedOut: '로그아웃', disconnected: '연결 끊김', noPhone: '전화기 미등록' }, disconnectedNow: '연결 끊김', stale: '센터와 연결이 끊겨 상태가 최신이 아닐 수 있습니다.',
    none: '찾는 사람이 없습니다', noneText: '이름 일부, 초성 또는 내선으로 찾아보세요.', empty: '아직 아무도 없습니다', emptyText: '시스템 관리자가 상담원을 등록하면 여기에 나타납니다.',
  },
);
