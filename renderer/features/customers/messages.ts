import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    list: 'Customers', search: 'Name, company or number', count: '{n} customers', countAndMore: 'More than {n} customers: keep typing to narrow it down', create: 'New customer', vip: 'VIP', warning: 'Warning', note: 'Note', updated: 'Changed {when}',
    numbers: 'Numbers', number: 'Number', numberN: 'Number {n}', labelN: 'Label of number {n}', label: 'Label', addNumber: 'Add a number', removeNumber: 'Remove number {n}', edit: 'Edit', details: 'Customer',
    history: 'History', historyCount: '{n} contacts', vipHint: 'Marked with a star wherever their name is', warningHint: 'Shown in red when they call', noNumber: 'No number',
    none: 'No customer found', noneText: 'Try a part of the name or the last digits of the number.', empty: 'No customers yet', emptyText: 'Create the first one, or wait until they have been fetched from the center.', syncing: 'Fetching from the center, {n} to go',
    choose: 'Choose a customer', chooseText: 'Their numbers, notes and every contact appear here.', gone: 'This customer is no longer here', goneText: 'They were removed, or have not been fetched from the center yet.',
    invalid: { required: 'A name is needed.', text: 'Too long, or with characters that cannot be shown.', notANumber: 'This is not a phone number.', extension: 'This is an extension. A customer needs an outside number.', emergency: 'This is an emergency number.', service: 'This is a service number. A customer needs a number of their own.', twice: 'This number is here twice.' },
    notVip: 'Not a VIP', savedTogether: 'Saved, together with what somebody else changed meanwhile',
    conflict: { title: 'Somebody else has changed the same meanwhile', text: 'Nothing is lost: choose for each what is right, then save again.', theirs: 'Saved by somebody else', mine: 'Yours', empty: 'Empty' },
    restored: 'Your changes from before the call are back. They are not saved yet.',
    leave: { title: 'Discard your changes?', text: 'What you entered for {name} has not been saved.', discard: 'Discard', stay: 'Keep editing', nobody: 'the new customer' },
  },
  {
    list: '고객', search: '이름, 회사 또는 번호', count: '{n}명', countAndMore: '{n}명 넘게 있습니다. 더 입력하면 좁혀집니다', create: '고객 등록', vip: 'VIP', warning: '주의', note: '메모', updated: '{when} 변경',
    numbers: '전화번호', number: '번호', numberN: '번호 {n}', labelN: '번호 {n}의 구분', label: '구분', addNumber: '번호 추가', removeNumber: '번호 {n} 삭제', edit: '수정', details: '고객 정보',
    history: '상담 이력', historyCount: '{n}건', vipHint: '이름 옆에 별표로 표시합니다', warningHint: '전화가 오면 빨간색으로 표시합니다', noNumber: '번호 없음',
    none: '찾는 고객이 없습니다', noneText: '이름 일부나 번호 뒷자리로 찾아보세요.', empty: '등록된 고객이 없습니다', emptyText: '첫 고객을 등록하거나, 센터에서 받아올 때까지 기다리세요.', syncing: '센터에서 받는 중, {n}건 남음',
    choose: '고객을 선택하세요', chooseText: '전화번호, 메모와 모든 상담 이력이 여기에 나타납니다.', gone: '고객 정보가 없습니다', goneText: '삭제되었거나 아직 센터에서 받지 못했습니다.',
    invalid: { required: '이름을 입력하세요.', text: '너무 길거나 표시할 수 없는 문자가 있습니다.', notANumber: '전화번호가 아닙니다.', extension: '내선 번호입니다. 고객에게는 외부 번호가 필요합니다.', emergency: '긴급 번호입니다.', service: '특수 번호입니다. 고객에게는 일반 전화번호가 필요합니다.', twice: '같은 번호가 두 번 있습니다.' },
    notVip: 'VIP 아님', savedTogether: '그사이 다른 사람이 바꾼 내용과 함께 저장했습니다',
    conflict: { title: '그사이 다른 사람이 같은 항목을 바꾸었습니다', text: '입력한 내용은 그대로 있습니다. 항목마다 맞는 쪽을 고르고 다시 저장하세요.', theirs: '다른 사람이 저장한 내용', mine: '내가 입력한 내용', empty: '비어 있음' },
    restored: '통화 전에 입력하던 내용을 되살렸습니다. 아직 저장되지 않았습니다.',
    leave: { title: '변경 내용을 버릴까요?', text: '{name}에 입력한 내용이 저장되지 않았습니다.', discard: '버리기', stay: '계속 수정', nobody: '새 고객' },
  },
);
