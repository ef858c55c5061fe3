import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    search: 'Memo, name or number', allGroups: 'All groups', allDispositions: 'All dispositions', dispositionMissing: 'Disposition missing', days: 'Days', from: 'From', to: 'Until', filters: 'Filters', clear: 'Clear filters', calledBack: 'Reached since', calledBackBy: 'Reached since, {when}: {by}',
    waitedInAll: 'Waited', endedBy: 'Ended by', ended: { customer: 'The customer', agent: 'The agent', other: 'A third party', center: 'The center', network: 'Lost with the network' }, missing: 'Missing: the time ran out', corrected: 'Corrected {when} by {by}', correct: 'Correct', cancel: 'Cancel', save: 'Save', noDisposition: 'None',
    conflict: 'Somebody has changed it meanwhile. It says now:', way: 'Course of the contact', myPart: 'my part',
    part: { waited: 'Waited in {group}', missed: '{name} did not answer', rejected: '{name} rejected it', answered: '{name} answered', dialled: '{name} called', consulted: '{name} was asked', transferred: '{name} took it over', joined: '{name} joined', from: 'by {from}', to: 'handed on to {to}', hold: 'on hold {time}', talk: 'talked {time}', consult: 'consulted {time}', outside: 'Outside number' },
    list: 'Contacts', whose: 'Whose contacts', mine: 'Mine', all: 'Everybody’s', missed: 'Missed only', kind: 'Kind', allKinds: 'All kinds', when: 'When', who: 'Who', agent: 'Agent', talk: 'Talk', disposition: 'Disposition', memo: 'Memo', call: 'Call', outcome: 'Outcome', group: 'Group', started: 'Began', number: 'Number',
    stranger: 'Unknown number', colleague: 'Colleague', nobody: 'Nobody', shown: '{n} contacts', shownMore: 'More than {n} contacts', lookedTo: '{n} contacts, looked back to {when}', lookFurther: 'Look further back', details: 'Contact', openCustomer: 'Open customer', createCustomer: 'Create customer', noMemo: 'No memo was written.',
    none: 'No such contacts', noneText: 'Change the filters above to see more.', empty: 'No contacts yet', emptyText: 'Calls appear here when they are over.', emptyMine: 'None of your own yet', choose: 'Choose a contact', chooseText: 'What was said, how it ended, and a button to call back.',
  },
  {
    search: '메모, 이름, 번호', allGroups: '모든 그룹', allDispositions: '모든 상담 유형', dispositionMissing: '상담 유형 누락', days: '기간', from: '시작일', to: '종료일', filters: '조건', clear: '조건 지우기', calledBack: '이후 통화됨', calledBackBy: '이후 통화됨, {when} {by}',
    waitedInAll: '기다린 시간', endedBy: '종료', ended: { customer: '고객', agent: '상담원', other: '제3자', center: '센터', network: '통신 두절' }, missing: '시간 초과로 선택하지 못함', corrected: '{when} {by} 님이 고침', correct: '고치기', cancel: '취소', save: '저장', noDisposition: '없음',
    conflict: '그사이 다른 사람이 고쳤습니다. 지금 내용:', way: '통화 경과', myPart: '내 통화',
    part: { waited: '{group} 대기', missed: '{name} 님 미응답', rejected: '{name} 님 수신 거절', answered: '{name} 님이 받음', dialled: '{name} 님이 검', consulted: '{name} 님과 협의', transferred: '{name} 님이 이어받음', joined: '{name} 님 참여', from: '{from} 님 요청', to: '{to}에 돌려줌', hold: '보류 {time}', talk: '통화 {time}', consult: '협의 {time}', outside: '외부 번호' },
    list: '통화 이력', whose: '누구의 통화', mine: '내 통화', all: '전체', missed: '부재중만', kind: '구분', allKinds: '모든 구분', when: '시각', who: '상대', agent: '상담원', talk: '통화', disposition: '상담 유형', memo: '상담 메모', call: '전화 걸기', outcome: '결과', group: '수신 그룹', started: '시작', number: '번호',
    stranger: '등록되지 않은 번호', colleague: '동료', nobody: '없음', shown: '{n}건', shownMore: '{n}건 넘게 있음', lookedTo: '{n}건, {when}까지 찾았습니다', lookFurther: '더 이전까지 찾기', details: '통화 내용', openCustomer: '고객 정보 열기', createCustomer: '고객 등록', noMemo: '남긴 메모가 없습니다.',
    none: '해당하는 통화가 없습니다', noneText: '위의 조건을 바꾸어 보세요.', empty: '통화 이력이 없습니다', emptyText: '통화가 끝나면 여기에 나타납니다.', emptyMine: '내 통화가 아직 없습니다', choose: '통화를 선택하세요', chooseText: '상담 내용과 결과를 보고 바로 다시 걸 수 있습니다.',
  },
);
