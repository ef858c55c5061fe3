import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    calls: 'Calls', customer: 'Customer', work: 'Wrap-up notes', queue: 'Queue now', details: 'Details',
    control: {
      answer: 'Answer', reject: 'Reject', mute: 'Mute', hold: 'Hold', resume: 'Resume', keypad: 'Keypad', consult: 'Consult', transfer: 'Transfer', completeTransfer: 'Complete transfer', swap: 'Swap', conference: 'Conference',
      cancelConsult: 'Back to customer', pauseRecording: 'Pause recording', hangUp: 'Hang up', call: 'Call', extend: '1 more minute',
    },
    state: { ringing: 'Ringing', dialling: 'Calling', talking: 'Talking', held: 'On hold', consultDialling: 'Consult: ringing', consulting: 'Consulting', swapped: 'With the customer', conference: 'Conference', afterCall: 'After call', ended: 'Ended' },
    hangUp: { consultDialling: 'Stop calling', consulting: 'End consultation', swapped: 'Hang up customer' },
    consult: { asks: '{from} asks you; on hold: {customer}', withCustomer: '{from} is talking with the customer', onHold: 'You are on hold', waited: 'waited {time}' },
    legState: { ringing: 'ringing', up: 'connected', held: 'on hold', ended: 'gone' }, muted: 'muted',
    parties: { label: 'In this call', hold: 'Put {name} on hold', resume: 'Take {name} off hold', mute: 'Mute {name}', unmute: 'Unmute {name}', remove: 'Remove {name}' },
    party: { customer: 'Customer', agent: 'Agent', target: 'Consulted' },
    supervisor: { listen: '{name} (supervisor) is listening', whisper: '{name} (supervisor) whispers to you alone', barge: '{name} (supervisor) has joined the call' },
    via: { group: '{group}', consult: 'Consultation from {from}', transfer: 'Transfer from {from}', direct: 'Direct call' },
    audio: { connecting: 'Connecting the audio…', reconnecting: 'Reconnecting audio…', failed: 'No audio. Hang up and call back, or wait: it is tried again.', muted: 'Muted' },
    ring: { incoming: 'Incoming call', waited: 'Waited', group: 'Group', chose: 'Chose', last: 'Last contact', none: 'First contact', left: '{n} s left to answer', unknown: 'Unknown number' },
    dial: { label: 'Number or extension', placeholder: 'Number or extension', invalid: 'This is not a number or an extension.' },
    idle: { ready: 'Ready for the next call', readyText: 'The next call rings here and shows who is calling.', away: 'No calls while you are away', awayText: 'Choose Ready at the top to take calls.', noCustomer: 'No customer on screen', noCustomerText: 'When a call comes in, this is where you see who it is and what was agreed before.', noWork: 'Nothing to note', noWorkText: 'Memo and disposition open with the call.' },
    keypad: { title: 'Keypad', sent: 'Digits sent', key: 'Key {key}', dialled: 'Dialled with {keys}', send: 'Send {keys}' },
    picker: {
      titleConsult: 'Consult or transfer', titleConference: 'Add to the call', search: 'Name, extension or number', placeholder: 'Type a name, an extension or a number', agents: 'Agents', groups: 'Groups', contacts: 'Customers', number: 'Number',
      empty: 'Nobody found. A full number can be called as it is.', cost: 'An outside call: the center dials out and pays for it until the call ends.', refused: { signedOut: 'Signed out: choose somebody else.', noPhone: 'Their phone is not connected: choose somebody else.', busy: 'Busy with another call: choose somebody else, or a group.', closedGroup: 'This group is closed: nobody answers there now.', groupOnly: 'A group can only be transferred to.', notNow: 'Not possible in this state of the call.' }, openGroup: 'open', closedGroup: 'closed', results: 'Results', waiting: '{n} waiting',
    },
    record: {
      vip: 'VIP', noRecord: 'No customer has the number {number}', create: 'Create customer', name: 'Name', company: 'Company', note: 'Note', warning: 'Warning', numbers: 'Numbers', history: 'History', historyCount: '{n} contacts', noHistory: 'No contacts yet', colleague: 'A colleague',
      noAgent: 'No agent', unavailable: 'Customer data is not available now. The call works without it.', edit: 'Open record', callNumber: 'Call {number}', talked: 'talked {time}',
    },
    memo: { memo: 'Memo', memoPlaceholder: 'What was said, what was agreed', disposition: 'Disposition', choose: 'Choose…', saved: 'Saved {time}', unsaved: 'Not saved yet', saving: 'Saving…', saveReady: 'Save & ready', save: 'Save', saveAway: 'Save, then away', left: 'left', noLimit: 'No time limit', over: 'Time is over · kept in the history', done: 'Done', required: 'This group asks for a disposition.', saveBack: 'Save, back to {state}', summary: 'Talked {time} · {outcome}' },
    strip: { waiting: 'Waiting', longest: 'Longest', ready: 'Ready', level: 'Service level', answered: 'Answered', closed: 'Closed' },
  },
  {
    calls: '통화', customer: '고객', work: '상담 기록', queue: '그룹 현황', details: '자세히',
    control: {
      answer: '받기', reject: '거절', mute: '음소거', hold: '보류', resume: '보류 해제', keypad: '키패드', consult: '협의통화', transfer: '돌려주기', completeTransfer: '돌려주기 완료', swap: '통화 교대', conference: '회의통화',
      cancelConsult: '고객 통화로', pauseRecording: '녹음 일시중지', hangUp: '끊기', call: '전화 걸기', extend: '1분 더',
    },
    state: { ringing: '호출 중', dialling: '거는 중', talking: '통화 중', held: '보류 중', consultDialling: '협의 호출 중', consulting: '협의통화 중', swapped: '고객과 통화 중', conference: '회의통화 중', afterCall: '후처리', ended: '종료' },
    hangUp: { consultDialling: '호출 중지', consulting: '협의통화 끊기', swapped: '고객 통화 끊기' },
    consult: { asks: '{from} 님의 협의통화 · 보류 중: {customer}', withCustomer: '{from} 님은 고객과 통화 중', onHold: '상대가 보류함', waited: '{time} 대기' },
    legState: { ringing: '호출 중', up: '연결됨', held: '보류 중', ended: '종료' }, muted: '음소거',
    parties: { label: '통화 참가자', hold: '{name} 보류', resume: '{name} 보류 해제', mute: '{name} 음소거', unmute: '{name} 음소거 해제', remove: '{name} 내보내기' },
    party: { customer: '고객', agent: '상담원', target: '협의 상대' },
    supervisor: { listen: '{name}(관리자) 청취 중', whisper: '{name}(관리자) 코칭 중 · 고객에게는 들리지 않음', barge: '{name}(관리자) 통화 참여 중' },
    via: { group: '{group}', consult: '{from} 님의 협의통화', transfer: '{from} 님이 돌려준 전화', direct: '직통 전화' },
    audio: { connecting: '음성 연결 중…', reconnecting: '음성 다시 연결 중…', failed: '음성이 연결되지 않았습니다. 자동으로 다시 시도합니다.', muted: '음소거 중' },
    ring: { incoming: '전화가 왔습니다', waited: '기다린 시간', group: '수신 그룹', chose: '선택', last: '지난 상담', none: '첫 상담', left: '{n}초 안에 받으세요', unknown: '등록되지 않은 번호' },
    dial: { label: '번호 또는 내선', placeholder: '번호 또는 내선', invalid: '전화번호나 내선이 아닙니다.' },
    idle: { ready: '다음 전화를 기다립니다', readyText: '전화가 오면 여기에 고객 정보와 함께 표시됩니다.', away: '이석 중에는 전화가 오지 않습니다', awayText: '전화를 받으려면 위에서 대기를 누르세요.', noCustomer: '표시할 고객이 없습니다', noCustomerText: '전화가 오면 고객 정보와 지난 상담이 여기에 나타납니다.', noWork: '기록할 통화가 없습니다', noWorkText: '통화가 시작되면 메모와 상담 유형을 적을 수 있습니다.' },
    keypad: { title: '키패드', sent: '보낸 숫자', key: '{key} 키', dialled: '함께 입력한 번호 {keys}', send: '{keys} 보내기' },
    picker: {
      titleConsult: '협의통화·돌려주기', titleConference: '통화에 초대', search: '이름, 내선 또는 번호', placeholder: '이름, 내선 또는 번호를 입력하세요', agents: '상담원', groups: '수신 그룹', contacts: '고객', number: '번호',
      empty: '결과가 없습니다. 전체 번호를 입력하면 바로 걸 수 있습니다.', cost: '외부 통화입니다. 센터가 전화를 걸고 끝날 때까지 요금을 부담합니다.', refused: { signedOut: '로그아웃 상태입니다. 다른 사람을 고르세요.', noPhone: '전화기가 연결되어 있지 않습니다. 다른 사람을 고르세요.', busy: '다른 통화를 처리하고 있습니다. 다른 사람이나 그룹을 고르세요.', closedGroup: '운영이 끝난 그룹이라 받을 사람이 없습니다.', groupOnly: '그룹은 돌려주기만 할 수 있습니다.', notNow: '지금 통화 상태에서는 할 수 없습니다.' }, openGroup: '운영 중', closedGroup: '운영 종료', results: '검색 결과', waiting: '대기 고객 {n}명',
    },
    record: {
      vip: 'VIP', noRecord: '{number} 번호의 고객이 없습니다', create: '고객 등록', name: '이름', company: '회사', note: '메모', warning: '주의', numbers: '전화번호', history: '상담 이력', historyCount: '{n}건', noHistory: '상담 이력이 없습니다', colleague: '동료',
      noAgent: '상담원 없음', unavailable: '고객 정보를 볼 수 없습니다. 통화는 계속할 수 있습니다.', edit: '고객 정보 열기', callNumber: '{number} 전화 걸기', talked: '통화 {time}',
    },
    memo: { memo: '상담 메모', memoPlaceholder: '상담 내용과 약속한 사항', disposition: '상담 유형', choose: '선택하세요', saved: '{time} 저장됨', unsaved: '저장 전', saving: '저장 중…', saveReady: '저장 후 대기', save: '저장', saveAway: '저장 후 이석', left: '남음', noLimit: '시간 제한 없음', over: '시간 종료 · 이력에 저장됨', done: '닫기', required: '이 그룹은 상담 유형이 필수입니다.', saveBack: '저장 후 {state}', summary: '통화 {time} · {outcome}' },
    strip: { waiting: '대기 고객', longest: '최장 대기', ready: '대기 중 상담원', level: '서비스 레벨', answered: '응답', closed: '운영 종료' },
  },
);
