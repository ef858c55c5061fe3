import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    list: 'Contacts', whose: 'Whose contacts', mine: 'Mine', all: 'Everybody’s', missed: 'Missed only', kind: 'Kind', allKinds: 'All kinds', when: 'When', who: 'Who', agent: 'Agent', talk: 'Talk', disposition: 'Disposition', memo: 'Memo', call: 'Call', outcome: 'Outcome', group: 'Group', started: 'Began', number: 'Number',
    stranger: 'Unknown number', colleague: 'Colleague', nobody: 'Nobody', shown: '{n} contacts', shownMore: 'More than {n} contacts', details: 'Contact', openCustomer: 'Open customer', createCustomer: 'Create customer', noMemo: 'No memo was written.',
    none: 'No such contacts', noneText: 'Change the filters above to see more.', empty: 'No contacts yet', emptyText: 'Calls appear here when they are over.', emptyMine: 'None of your own yet', choose: 'Choose a contact', chooseText: 'What was said, how it ended, and a button to call back.',
  },
  {
    list: '통화 이력', whose: '누구의 통화', mine: '내 통화', all: '전체', missed: '부재중만', kind: '구분', allKinds: '모든 구분', when: '시각', who: '상대', agent: '상담원', talk: '통화', disposition: '상담 유형', memo: '상담 메모', call: '전화 걸기', outcome: '결과', group: '수신 그룹', started: '시작', number: '번호',
    stranger: '등록되지 않은 번호', colleague: '동료', nobody: '없음', shown: '{n}건', shownMore: '{n}건 넘게 있음', details: '통화 내용', openCustomer: '고객 정보 열기', createCustomer: '고객 등록', noMemo: '남긴 메모가 없습니다.',
    none: '해당하는 통화가 없습니다', noneText: '위의 조건을 바꾸어 보세요.', empty: '통화 이력이 없습니다', emptyText: '통화가 끝나면 여기에 나타납니다.', emptyMine: '내 통화가 아직 없습니다', choose: '통화를 선택하세요', chooseText: '상담 내용과 결과를 보고 바로 다시 걸 수 있습니다.',
  },
);
