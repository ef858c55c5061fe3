import { defineMessages } from '../../app/define-messages.ts';

/** Reasons to be away, as an administrator sets them up. */
export const messages = defineMessages(
  {
    section: { away: 'Away reasons' }, search: { away: 'Name of a reason' }, add: { away: 'New reason' }, empty: { away: 'No reason yet' }, emptyText: { away: 'Agents choose one when they are away.' }, choose: { away: 'Choose a reason' },
    new: 'New reason to be away', name: 'Name', nameHint: 'As it stands in every menu', english: 'Name in English', englishHint: 'Empty: the same',
    paid: 'Counts as paid time', isPaid: 'Paid', isUnpaid: 'Unpaid', longest: 'Longest time, minutes', longestHint: 'Empty: no limit. After it the agent and their supervisors are told; nobody is moved.', upTo: '{n} min',
    colour: 'Colour', colours: { amber: 'Amber', teal: 'Teal', blue: 'Blue', violet: 'Violet', pink: 'Pink', grey: 'Grey' },
    up: 'Move up', down: 'Move down', movedNow: '{name} was moved.', added: '{name} was added.', saved: '{name} was saved.', removedNow: '{name} was removed.',
    remove: 'Remove reason', removeTitle: 'Remove {name}?', removeText: 'Nobody can choose it any more. The history of states keeps its name.', removeTextUsed: 'Nobody can choose it any more. {n} who are away with it, or will be after their call, stay so until they choose otherwise. The history of states keeps its name.',
    invalid: { name: '1 to 40 letters, without signs that nobody sees.', english: 'At most 40 letters, without signs that nobody sees.', longest: 'A whole number from 1 to 1440, or nothing.' },
  },
  {
    section: { away: '이석 사유' }, search: { away: '사유 이름' }, add: { away: '사유 추가' }, empty: { away: '이석 사유가 없습니다' }, emptyText: { away: '상담원이 자리를 비울 때 고릅니다.' }, choose: { away: '이석 사유를 선택하세요' },
    new: '새 이석 사유', name: '이름', nameHint: '메뉴에 보이는 이름', english: '영어 이름', englishHint: '비워 두면 같은 이름',
    paid: '유급 시간으로 계산', isPaid: '유급', isUnpaid: '무급', longest: '최대 시간(분)', longestHint: '비우면 제한 없음. 지나면 상담원과 관리자에게 알리며, 상태는 바꾸지 않습니다.', upTo: '{n}분',
    colour: '색', colours: { amber: '호박색', teal: '청록색', blue: '파란색', violet: '보라색', pink: '분홍색', grey: '회색' },
    up: '위로', down: '아래로', movedNow: '‘{name}’ 순서를 바꿨습니다.', added: '‘{name}’ 사유를 추가했습니다.', saved: '‘{name}’ 사유를 저장했습니다.', removedNow: '‘{name}’ 사유를 삭제했습니다.',
    remove: '사유 삭제', removeTitle: '‘{name}’ 사유를 삭제할까요?', removeText: '더 이상 고를 수 없습니다. 상태 기록에는 이름이 남습니다.', removeTextUsed: '더 이상 고를 수 없습니다. 지금 이 사유이거나 통화 후 이 사유가 될 {n}명은 다른 상태를 고를 때까지 그대로입니다. 상태 기록에는 이름이 남습니다.',
    invalid: { name: '보이지 않는 문자 없이 1~40자로 입력하세요.', english: '보이지 않는 문자 없이 40자 이내로 입력하세요.', longest: '1~1440 사이의 정수를 입력하거나 비워 두세요.' },
  },
);
